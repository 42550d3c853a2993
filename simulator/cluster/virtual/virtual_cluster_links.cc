// Faults of links, of a node's processor share and of its wall clock.
#include <algorithm>
#include <utility>

#include "simulator/cluster/managed/node_actions.h"
#include "simulator/cluster/virtual/virtual_cluster.h"

namespace replsim {

void VirtualCluster::SetLink(const NodeId& from, const NodeId& to, LinkSpec spec) {
  network_.Set(IndexOf(from), IndexOf(to), spec);
}
void VirtualCluster::CutLink(const NodeId& from, const NodeId& to) {
  network_.Cut(IndexOf(from), IndexOf(to));
}
void VirtualCluster::HealLink(const NodeId& from, const NodeId& to) {
  network_.Heal(IndexOf(from), IndexOf(to));
}

void VirtualCluster::ResetLink(const NodeId& a, const NodeId& b) {
  const auto [node, other] = std::minmax({IndexOf(a), IndexOf(b)});
  if (other < everyone().size()) return streams_.Reset(node, other);
  Later([this, site = other - everyone().size(), node = node] { clients_.Reset(site, node); });
}

void VirtualCluster::SetShare(const NodeId& id, double share, Done done) {
  VirtualNode& node = *nodes_[IndexOf(id)];
  if (!node.running()) return Answer(std::move(done), NotUp(id, state(id)));
  node.SetShare(share);
  Answer(std::move(done), absl::OkStatus());
}

void VirtualCluster::SetWallClock(const NodeId& id, Nanos ahead, double drift, Done done) {
  if (absl::Status may = MayChange(id, state(id)); !may.ok()) return Answer(std::move(done), may);
  nodes_[IndexOf(id)]->SetWallClock(ahead, drift);
  Answer(std::move(done), absl::OkStatus());
}

}  // namespace replsim
