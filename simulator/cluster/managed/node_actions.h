// What can be done to a node in the state that it is in. Each answers OK, or the reason why not
// ("r1 is starting"): FAILED_PRECONDITION unless said otherwise.
#pragma once

#include "absl/status/status.h"
#include "common/base/ids.h"
#include "protos/control.pb.h"
#include "simulator/cluster/seam/run_cluster.h"

namespace replsim {

// The reason why nothing can be done to a node that is not up.
absl::Status NotUp(const NodeId& node, NodeState state);

// Kill: a node that runs, paused or not.
absl::Status MayKill(const NodeId& node, NodeState state);
// Lose its power or its host: any node, down or not, but for one that is starting.
absl::Status MayLose(const NodeId& node, NodeState state);
// Restart: a node that is down. (A dying one can be restarted when it is down.)
absl::Status MayRestart(const NodeId& node, NodeState state);
// Pause, change its settings, arm a failpoint on it, promote it: a node that is up.
absl::Status MayChange(const NodeId& node, NodeState state);
// Resume: a node that is paused.
absl::Status MayResume(const NodeId& node, NodeState state);
// Change its disk: any node, but what happens to a flush needs a node that is up (UNAVAILABLE).
absl::Status MaySetDisk(const NodeId& node, NodeState state, const proto::SetDiskRequest& change);

}  // namespace replsim
