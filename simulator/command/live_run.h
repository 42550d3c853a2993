// Runs a scenario on real processes: starts the cluster, runs the event loop until the run has
// ended, and leaves no process behind.
#pragma once

#include <functional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "asio/io_context.hpp"
#include "simulator/cluster/live/child_process.h"
#include "simulator/cluster/live/live_scheduler.h"
#include "simulator/command/served_metrics.h"
#include "simulator/run/run.h"

namespace replsim {

// The event loop, the scheduler and the child processes. There is one for the whole program. It is
// never destroyed, because gRPC's threads may still post after a run has ended.
struct LiveMachine {
  asio::io_context io;
  LiveScheduler scheduler{&io};
  ProcessGroup processes{&io};
};
LiveMachine& SharedMachine();

// Injects faults into the run in progress, from any thread.
class FaultButton {
 public:
  // Injects fault 1, 2, … of the scenario now (FaultSchedule::Inject) and returns its status. OK
  // also if the fault is still in progress after 10 s. FAILED_PRECONDITION if no run is in
  // progress.
  absl::Status Press(int fault);
  // The same for a fault that the scenario does not have.
  absl::Status Press(const proto::Fault& fault);

  // Sets the run in progress, and how to call it under its scheduler; null if there is none.
  using Action = std::function<void(Run& run, FaultInjector::Done done)>;
  using Inject = std::function<void(Action action, FaultInjector::Done done)>;
  void Connect(Inject inject);

 private:
  absl::Status Do(Action action);

  absl::Mutex mutex_;
  Inject inject_ ABSL_GUARDED_BY(mutex_);
};

// Records into `folder`, which exists. A first SIGINT or SIGTERM ends the run; with
// options.until_stopped it ends the load, and a second one ends the run. Call it on the program's
// main thread. Returns the status of Run::Finish. `button`, if not null, injects faults into this
// run; `metrics`, if not null, counts the recorded operations and events.
absl::Status RunLive(const proto::Scenario& scenario, const std::string& folder,
                     const std::string& program_dir, RunOptions options, LiveMachine& machine,
                     FaultButton* button = nullptr, ServedMetrics* metrics = nullptr);

}  // namespace replsim
