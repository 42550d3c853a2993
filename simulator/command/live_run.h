// A run on real processes: sets up the cluster, runs the event loop until the run has ended, and
// leaves no process behind.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "asio.hpp"
#include "simulator/cluster/live/child_process.h"
#include "simulator/cluster/live/live_scheduler.h"
#include "simulator/run/run.h"

namespace replsim {

// The event loop and what hangs on it; one for the whole program, never destroyed, because gRPC's
// threads may still have a last word to post when a run is over.
struct LiveMachine {
  asio::io_context io;
  LiveScheduler scheduler{&io};
  ProcessGroup processes{&io};
};

// Records into `folder`, which exists. Runs on the calling thread, which must be the program's main
// thread. The status is that of Run::Finish.
absl::Status RunLive(const proto::Scenario& scenario, const std::string& folder,
                     const std::string& program_dir, RunOptions options, LiveMachine& machine);

}  // namespace replsim
