#include "simulator/workload/read_targets.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

// Whether the node may be down or unreachable. A node that refuses a read for another reason has
// answered it.
bool GaveNoAnswer(proto::Reason reason) {
  return reason == proto::UNREACHABLE || reason == proto::DISCONNECTED ||
         reason == proto::DEADLINE || reason == proto::NODE_STOPPED;
}

}  // namespace

ReadTargets::ReadTargets(const proto::Workload& workload, const Cluster* cluster, const Rng& rng)
    : cluster_(cluster),
      from_(workload.read_from()),
      moves_(workload.session().node() == proto::MOVING),
      moves_every_(workload.session().moves_every().ns()),
      each_read_(rng.Fork("read-target")) {
  if (!moves_ && workload.session().node() != proto::PINNED) return;
  pins_.reserve(workload.clients());
  for (uint32_t client = 1; client <= workload.clients(); ++client) {
    pins_.emplace_back(rng.Fork(absl::StrCat("session-", client)));
  }
}

NodeId ReadTargets::Choose(uint64_t client, Instant now) {
  if (pins_.empty()) return ChooseAnew(client);
  Pin& pin = pins_[client - 1];
  const std::vector<NodeId> candidates = Candidates(client);
  const bool offered =
      std::find(candidates.begin(), candidates.end(), pin.node) != candidates.end();
  if (!offered || pin.must_move || pin.moves_at <= now) Move(candidates, now, &pin);
  return pin.node;
}

void ReadTargets::Ended(uint64_t client, uint16_t target, proto::Reason reason) {
  if (pins_.empty() || !GaveNoAnswer(reason)) return;
  Pin& pin = pins_[client - 1];
  // A read that was sent before the client moved says nothing about its present node.
  const std::vector<NodeId>& nodes = cluster_->nodes();
  if (target < nodes.size() && nodes[target] == pin.node) pin.must_move = true;
}

NodeId ReadTargets::ChooseAnew(uint64_t client) {
  const NodeId primary = cluster_->primary_for(client);
  if (from_.node() == "primary") return primary;
  if (!from_.nodes().empty()) {
    const uint64_t choice = each_read_.Below(static_cast<uint64_t>(from_.nodes_size()));
    return NodeId(from_.nodes(static_cast<int>(choice)));
  }
  if (from_.node() != "any-replica") return NodeId(from_.node());
  const std::vector<NodeId>& nodes = cluster_->nodes_for(client);
  const auto found = std::find(nodes.begin(), nodes.end(), primary);
  const auto leader = static_cast<size_t>(found - nodes.begin());
  const size_t replicas = nodes.size() - (found == nodes.end() ? 0 : 1);
  if (replicas == 0) return primary;
  size_t choice = each_read_.Below(replicas);
  if (choice >= leader) ++choice;
  return nodes[choice];
}

std::vector<NodeId> ReadTargets::Candidates(uint64_t client) const {
  if (!from_.nodes().empty()) {
    std::vector<NodeId> named;
    for (const std::string& id : from_.nodes()) named.emplace_back(id);
    return named;
  }
  const NodeId primary = cluster_->primary_for(client);
  std::vector<NodeId> replicas = cluster_->nodes_for(client);
  std::erase(replicas, primary);
  if (replicas.empty()) replicas.push_back(primary);
  return replicas;
}

void ReadTargets::Move(const std::vector<NodeId>& candidates, Instant now, Pin* pin) {
  std::vector<NodeId> others = candidates;
  std::erase(others, pin->node);
  if (others.empty()) others = candidates;
  const bool first = pin->node.empty();
  pin->node = others[pin->rng.Below(others.size())];
  pin->must_move = false;
  if (!moves_) return;
  // Clients begin at the same time; without a random first stay they would all move at once.
  const double share = first ? pin->rng.Unit() : 1;
  pin->moves_at =
      now + Nanos(static_cast<int64_t>(share * static_cast<double>(moves_every_.count())));
}

}  // namespace replsim
