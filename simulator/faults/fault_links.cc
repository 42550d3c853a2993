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

proto::Fault AsPartition(proto::Fault fault, const NodeId& node, const std::vector<NodeId>& ends) {
  if (fault.do_() != proto::ISOLATE) return fault;
  fault.set_do_(proto::PARTITION);
  fault.clear_node();
  fault.add_from(node.name());
  for (const NodeId& end : ends) {
    if (end != node) fault.add_to(end.name());
  }
  return fault;
}

}  // namespace replsim
