#include "simulator/cluster/client_sides.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace replsim {

ClientSides::ClientSides(const proto::Cluster& cluster, const std::vector<NodeId>& nodes) {
  for (const proto::Group& group : cluster.groups()) {
    Side side;
    for (const std::string& name : group.nodes()) {
      if (absl::StartsWith(name, "client@")) {
        side.end = NodeId(name);
      } else if (name != "client") {
        side.nodes.emplace_back(name);
      }
    }
    if (!side.end.empty()) sides_.push_back(std::move(side));
  }
  if (sides_.empty()) sides_.push_back({NodeId("client"), nodes});
  for (Side& side : sides_) {
    if (side.nodes.empty()) side.nodes = nodes;
  }
  Leads(nodes.front());
}

const NodeId& ClientSides::LeaderOf(size_t side) const {
  const NodeId& own = sides_[side].leader;
  return own.empty() ? newest_ : own;
}

void ClientSides::Leads(const NodeId& node) {
  newest_ = node;
  for (Side& side : sides_) {
    const bool here = std::find(side.nodes.begin(), side.nodes.end(), node) != side.nodes.end();
    if (here) side.leader = node;
  }
}

void ClientSides::Refused(size_t side, const NodeId& node) {
  if (sides_[side].leader == node) sides_[side].leader = NodeId();
}

}  // namespace replsim
