// One run of one scenario variant on real processes, from the first process started to the last one
// ended: load, faults, healing, convergence, the final read; everything recorded in its folder.
// What it means is for the analysis to say.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "asio.hpp"
#include "simulator/cluster/live/child_process.h"
#include "simulator/cluster/live/live_cluster.h"
#include "simulator/cluster/live/live_scheduler.h"
#include "simulator/scenario/scenario.h"

namespace replsim {

// The event loop and what hangs on it; one for the whole program, never destroyed, because gRPC's
// threads may still have a last word to post when a run is over.
struct LiveMachine {
  asio::io_context io;
  LiveScheduler scheduler{&io};
  ProcessGroup processes{&io};
};

struct LiveRunOptions {
  std::string folder;       // of this variant; exists
  std::string program_dir;  // where the node programs are
  std::string command;      // repeats the run
};

// What a display may show while a run goes on.
struct RunGlance {
  std::string phase;  // "starting", "load", "healing", "converging", "reading"
  Nanos elapsed{0};   // of the load
  uint64_t committed = 0;
  NodeId primary;
  std::vector<LiveCluster::Glance> nodes;
};
struct RunDisplay {
  Nanos interval{0};  // how often to look; 0: never
  std::function<void(const RunGlance&)> show;
};

// Runs on the calling thread, which must be the program's main thread. OK: the recording is
// complete. CANCELLED: Ctrl-C. Anything else: the run itself failed, and why.
absl::Status RunLive(const Variant& variant, const LiveRunOptions& options, LiveMachine& machine,
                     const RunDisplay& display);

}  // namespace replsim
