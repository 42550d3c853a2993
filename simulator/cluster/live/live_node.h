// One node process as the simulator sees it: its program, its connections, and whether it is alive.
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
  uint64_t life = 0;        // counts its processes; what an earlier one says is not heard
  bool as_primary = false;  // which program runs
  int armed_failpoints = 0;
  int armed_pauses = 0;         // of those, that stop it
  bool disk_is_broken = false;  // was at least once
  bool disk_untold = false;     // what is wrong with it was changed while it could not be told
  proto::SetDiskRequest disk;   // what is wrong with it now, but for flushes that are to fail
  std::string address;          // of the present life
  std::shared_ptr<ChildProcess> process;  // of the present life; the io thread's
  std::shared_ptr<ControlClient> control;
  std::vector<std::shared_ptr<ClientSession>> sessions;  // one a site, for all lives
  WallClock wall_clock;                                  // of all lives
  // Told when the process is gone: whoever asked for its end, and whoever waits for it.
  std::vector<Cluster::Done> on_exit;
  Cluster::Done on_up;        // of the start under way
  absl::Status start_failed;  // why that start is being ended; OK: it is not
};

}  // namespace replsim
