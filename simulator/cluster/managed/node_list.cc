#include "simulator/cluster/managed/node_list.h"

#include <string>

#include "simulator/promise/scenario_facts.h"

namespace replsim {

std::vector<NodeId> NodesOf(const proto::Cluster& cluster) {
  const std::vector<std::string> names = NodeNames(cluster);
  return {names.begin(), names.end()};
}

std::vector<NodeId> WitnessesOf(const proto::Cluster& cluster) {
  const std::vector<std::string> names = WitnessNames(cluster);
  return {names.begin(), names.end()};
}

}  // namespace replsim
