#include "simulator/cluster/managed/convergence.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/promise/gate_reach.h"

namespace replsim {
namespace {

// Compares every node with the primary.
class RestJudge {
 public:
  RestJudge(const NodeId& primary, const NodeStatus& leader, const proto::ReplicationSpec& spec)
      : primary_(primary),
        leader_(leader),
        spec_(spec),
        unreachable_gate_(WhyGateCannotBeReached(spec, primary.name())) {}

  Rest Judge(const RunCluster::Statuses& statuses) {
    for (const auto& [id, status] : statuses) {
      std::string reason =
          status.ok() ? WhyNot(id, *status) : std::string(status.status().message());
      if (!reason.empty()) reasons_.push_back(std::move(reason));
    }
    Rest rest{absl::StrJoin(reasons_, "; "), ""};
    if (rest.why_not.empty() && shown_ < end_) {
      rest.withheld = absl::StrCat(unreachable_gate_, ": ", end_ - shown_,
                                   end_ - shown_ == 1 ? " entry" : " entries", " not shown");
    }
    return rest;
  }

 private:
  std::string WhyNot(const NodeId& id, const NodeStatus& status) {
    const CoreDescription& core = status.core;
    if (!core.failure.empty()) return absl::StrCat(id.name(), " has stopped: ", core.failure);
    if (!HoldsTheLog(core)) {
      return absl::StrCat(id.name(), " holds ", ToString(core.append), ", ", primary_.name(), " ",
                          ToString(leader_.core.append));
    }
    if (core.write < core.append.lsn) {
      return absl::StrCat(id.name(), " has written ", core.write.value(), " of ",
                          core.append.lsn.value(), core.disk_full ? ": its disk is full" : "");
    }
    end_ = std::max(end_, core.append.lsn);
    shown_ = std::min(shown_, core.apply);
    if (core.apply != core.append.lsn && !MayWait(id)) {
      return absl::StrCat(id.name(), " has applied ", core.apply.value(), " of ",
                          core.append.lsn.value());
    }
    if (id == primary_ && core.unprotected && unreachable_gate_.empty()) {
      return absl::StrCat(id.name(), " is still degraded: it acknowledges without its sync set");
    }
    // The logs agree, so an equal LSN is an equal position.
    if (core.apply == leader_.core.apply && status.digest != leader_.digest) {
      return absl::StrCat(id.name(), " holds different data than ", primary_.name(),
                          " at the same position");
    }
    return "";
  }

  // With order replicas-first, a primary whose gate cannot be reached never logs the entries that
  // its replicas already hold.
  bool HoldsTheLog(const CoreDescription& core) const {
    const Position& end = leader_.core.append;
    if (core.append == end) return true;
    return !unreachable_gate_.empty() && spec_.order() == proto::REPLICAS_FIRST &&
           core.append.epoch == leader_.core.epoch && core.append.lsn > end.lsn;
  }

  bool MayWait(const NodeId& id) const {
    if (unreachable_gate_.empty()) return false;
    return id == primary_ ? PrimaryWaitsToShow(spec_) : ReplicaWaitsToShow(spec_);
  }

  const NodeId& primary_;
  const NodeStatus& leader_;
  const proto::ReplicationSpec& spec_;
  const std::string unreachable_gate_;  // why the gate cannot be reached; empty if it can
  std::vector<std::string> reasons_;
  Lsn end_;                                          // end of the longest log
  Lsn shown_{std::numeric_limits<uint64_t>::max()};  // the lowest applied LSN of all nodes
};

// Returns the status of `id`; null if the node did not answer.
const NodeStatus* AnswerOf(const RunCluster::Statuses& statuses, const NodeId& id) {
  const auto found = std::find_if(statuses.begin(), statuses.end(), [&](const auto& node) {
    return node.first == id && node.second.ok();
  });
  return found == statuses.end() ? nullptr : &*found->second;
}

}  // namespace

bool IsFenced(const RunCluster::Statuses& statuses, const NodeId& primary) {
  const NodeStatus* const answer = AnswerOf(statuses, primary);
  return answer != nullptr && answer->core.is_primary && answer->core.fenced;
}

bool FollowsNobody(const RunCluster::Statuses& statuses, const NodeId& primary) {
  const NodeStatus* const answer = AnswerOf(statuses, primary);
  return answer != nullptr && !answer->core.is_primary && answer->core.following.empty() &&
         answer->core.failure.empty();
}

NodeId LedBefore(const RunCluster::Statuses& statuses, const NodeId& primary) {
  for (const auto& [id, status] : statuses) {
    if (status.ok() && status->core.is_primary && id != primary) return id;
  }
  return NodeId();
}

Rest JudgeRest(const RunCluster::Statuses& statuses, const NodeId& primary,
               const proto::ReplicationSpec& spec) {
  const NodeStatus* const leader = AnswerOf(statuses, primary);
  if (leader == nullptr) return {absl::StrCat(primary.name(), " does not answer"), ""};
  if (!leader->core.is_primary || leader->core.fenced) {
    return {absl::StrCat(primary.name(), " does not lead, and no other node has been elected"), ""};
  }
  return RestJudge(primary, *leader, spec).Judge(statuses);
}

}  // namespace replsim
