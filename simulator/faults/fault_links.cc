#include "simulator/faults/fault_links.h"

namespace replsim {

std::vector<std::pair<NodeId, NodeId>> LinksOf(const proto::Fault& fault, bool both_ways) {
  std::vector<std::pair<NodeId, NodeId>> links;
  for (const std::string& from : fault.from()) {
    for (const std::string& to : fault.to()) {
      if (from == to) continue;
      links.emplace_back(from, to);
      if (both_ways) links.emplace_back(to, from);
    }
  }
  return links;
}

}  // namespace replsim
