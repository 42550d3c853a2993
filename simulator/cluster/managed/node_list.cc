#include "simulator/cluster/managed/node_list.h"

#include "absl/strings/str_cat.h"

namespace replsim {

std::vector<NodeId> NodesOf(const proto::Cluster& cluster) {
  std::vector<NodeId> nodes = {NodeId("p")};
  for (uint32_t i = 1; i <= cluster.replicas(); ++i) nodes.emplace_back(absl::StrCat("r", i));
  return nodes;
}

}  // namespace replsim
