// Checks whether an action is possible in a node's present state. Each function returns OK or the
// reason ("r1 is starting"), as FAILED_PRECONDITION unless noted otherwise. Pure.
#pragma once

#include "absl/status/status.h"
#include "common/base/ids.h"
#include "protos/control.pb.h"
#include "simulator/cluster/seam/run_cluster.h"

namespace replsim {

// The error for an action on a node that is not up.
absl::Status NotUp(const NodeId& node, NodeState state);

// Kill needs a node that is up or paused.
absl::Status MayKill(const NodeId& node, NodeState state);
// Loss of power or of the host is possible in every state except kStarting.
absl::Status MayLose(const NodeId& node, NodeState state);
// Restart needs a node that is down or dying. The caller restarts a dying node once it is down.
absl::Status MayRestart(const NodeId& node, NodeState state);
// Pause, a change of settings, a failpoint and a promotion need a node that is up.
absl::Status MayChange(const NodeId& node, NodeState state);
// Resume needs a paused node.
absl::Status MayResume(const NodeId& node, NodeState state);
// A disk can change in every state. Only flush faults need a node that is up (otherwise
// UNAVAILABLE).
absl::Status MaySetDisk(const NodeId& node, NodeState state, const proto::SetDiskRequest& change);

}  // namespace replsim
