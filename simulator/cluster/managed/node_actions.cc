#include "simulator/cluster/managed/node_actions.h"

#include "absl/strings/str_cat.h"
#include "common/config/disk_convert.h"

namespace replsim {

absl::Status NotUp(const NodeId& node, NodeState state) {
  const bool starting = state == NodeState::kStarting;
  return absl::FailedPreconditionError(
      absl::StrCat(node.name(), starting ? " is starting" : " is not running"));
}

absl::Status MayKill(const NodeId& node, NodeState state) {
  const bool runs = state == NodeState::kUp || state == NodeState::kPaused;
  return runs ? absl::OkStatus() : NotUp(node, state);
}

absl::Status MayLose(const NodeId& node, NodeState state) {
  return state == NodeState::kStarting ? NotUp(node, state) : absl::OkStatus();
}

absl::Status MayRestart(const NodeId& node, NodeState state) {
  if (state == NodeState::kStarting) return NotUp(node, state);
  const bool runs = state == NodeState::kUp || state == NodeState::kPaused;
  return runs ? absl::FailedPreconditionError(absl::StrCat(node.name(), " is running"))
              : absl::OkStatus();
}

absl::Status MayChange(const NodeId& node, NodeState state) {
  return state == NodeState::kUp ? absl::OkStatus() : NotUp(node, state);
}

absl::Status MayResume(const NodeId& node, NodeState state) {
  return state == NodeState::kPaused
             ? absl::OkStatus()
             : absl::FailedPreconditionError(absl::StrCat(node.name(), " is not paused"));
}

absl::Status MaySetDisk(const NodeId& node, NodeState state, const proto::SetDiskRequest& change) {
  if (state == NodeState::kUp || !NeedsRunningProcess(change)) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(node.name(), " is not running, so no flush can fail"));
}

}  // namespace replsim
