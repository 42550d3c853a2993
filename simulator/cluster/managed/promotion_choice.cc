#include "simulator/cluster/managed/promotion_choice.h"

#include <tuple>
#include <utility>

#include "common/base/mutant.h"

namespace replsim {
namespace {

// Returns the replica other than `except` whose log ends last.
NodeId MostUpToDate(const RunCluster::Statuses& statuses, const NodeId& except) {
  using Rank = std::tuple<Epoch, Lsn>;  // the log's end
  NodeId best;
  Rank best_rank;
  for (const auto& [id, status] : statuses) {
    if (!status.ok() || status->core.is_primary || !status->core.failure.empty()) continue;
    if (id == except) continue;
    const bool by_lsn = Mutated(Mutant::kPromoteByLsn);
    const Rank rank{by_lsn ? Epoch(0) : status->core.append.epoch, status->core.append.lsn};
    if (best.empty() || rank > best_rank) std::tie(best, best_rank) = std::pair(id, rank);
  }
  return best;
}

}  // namespace

NodeId BestReplica(const RunCluster::Statuses& statuses) {
  const NodeId best = MostUpToDate(statuses, NodeId());
  if (!Mutated(Mutant::kPromoteSecondBest)) return best;
  const NodeId second = MostUpToDate(statuses, best);
  return second.empty() ? best : second;
}

}  // namespace replsim
