// The simulator's state of one node process: program, connections, life and disk faults. Owned by
// LiveCluster; used under its scheduler, except as noted.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/ids.h"
#include "common/base/wall_clock.h"
#include "simulator/cluster/live/child_process.h"
#include "simulator/cluster/live/client_session.h"
#include "simulator/cluster/live/control_client.h"
#include "simulator/cluster/seam/run_cluster.h"

namespace replsim {

struct LiveNode {
  NodeId id;
  std::string folder;  // nodes/<id> of the run folder
  NodeState state = NodeState::kDown;
  uint64_t life = 0;        // number of the process; events of an earlier process are ignored
  bool as_primary = false;  // which program runs
  int armed_failpoints = 0;
  int armed_pauses = 0;              // how many of these stop the node
  bool disk_is_broken = false;       // had a disk fault at least once
  bool disk_untold = false;          // its disk faults were changed while it could not be told
  uint64_t life_ended_by_fault = 0;  // by an armed failpoint or a failed flush
  proto::SetDiskRequest disk;  // its disk faults now, without flush failures that have not fired
  std::string address;         // of the present process
  std::shared_ptr<ChildProcess> process;  // of the present process; used on the io thread only
  std::shared_ptr<ControlClient> control;
  std::vector<std::shared_ptr<ClientSession>> sessions;  // one per site; kept across restarts
  WallClock wall_clock;                                  // kept across restarts
  // Called when the process is gone: for the request that ended it, and for others that wait for
  // its end.
  std::vector<Cluster::Done> on_exit;
  Cluster::Done on_up;        // of the start in progress
  absl::Status start_failed;  // why that start is being ended; OK if it is not
};

}  // namespace replsim
