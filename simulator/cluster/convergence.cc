#include "simulator/cluster/convergence.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace replsim {

NodeId BestReplica(const RunCluster::Statuses& statuses) {
  using Rank = std::tuple<Epoch, Lsn>;  // the log's end
  NodeId best;
  Rank best_rank;
  for (const auto& [id, status] : statuses) {
    if (!status.ok() || status->core.is_primary || !status->core.failure.empty()) continue;
    const Rank rank{status->core.append.epoch, status->core.append.lsn};
    if (best.empty() || rank > best_rank) std::tie(best, best_rank) = std::pair(id, rank);
  }
  return best;
}

Epoch HighestEpoch(const RunCluster::Statuses& statuses) {
  Epoch highest;
  for (const auto& [id, status] : statuses) {
    if (status.ok()) highest = std::max(highest, status->core.epoch);
  }
  return highest;
}

NodeId LedBefore(const RunCluster::Statuses& statuses, const NodeId& primary) {
  for (const auto& [id, status] : statuses) {
    if (status.ok() && status->core.is_primary && id != primary) return id;
  }
  return NodeId();
}

std::string WhyNotConverged(const RunCluster::Statuses& statuses, const NodeId& primary) {
  const NodeStatus* leader = nullptr;
  for (const auto& [id, status] : statuses) {
    if (id == primary && status.ok()) leader = &*status;
  }
  if (leader == nullptr) return absl::StrCat(primary.name(), " does not answer");
  std::vector<std::string> reasons;
  for (const auto& [id, status] : statuses) {
    if (!status.ok()) {
      reasons.emplace_back(status.status().message());
      continue;
    }
    const CoreDescription& core = status->core;
    if (!core.failure.empty()) {
      reasons.push_back(absl::StrCat(id.name(), " has stopped: ", core.failure));
    } else if (core.append != leader->core.append) {
      reasons.push_back(absl::StrCat(id.name(), " holds ", ToString(core.append), ", ",
                                     primary.name(), " ", ToString(leader->core.append)));
    } else if (core.apply != core.append.lsn) {
      reasons.push_back(absl::StrCat(id.name(), " has applied ", core.apply.value(), " of ",
                                     core.append.lsn.value()));
    } else if (status->digest != leader->digest) {
      reasons.push_back(absl::StrCat(id.name(), " holds other contents than ", primary.name(),
                                     " at the same position"));
    }
  }
  return absl::StrJoin(reasons, "; ");
}

}  // namespace replsim
