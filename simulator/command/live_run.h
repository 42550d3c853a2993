// A run on real processes: sets up the cluster, runs the event loop until the run has ended, and
// leaves no process behind.
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

// The event loop and what hangs on it; one for the whole program, never destroyed, because gRPC's
// threads may still have a last word to post when a run is over.
struct LiveMachine {
  asio::io_context io;
  LiveScheduler scheduler{&io};
  ProcessGroup processes{&io};
};
LiveMachine& SharedMachine();

// Breaks the run that is going on, from any thread.
class FaultButton {
 public:
  // Fault 1, 2, … of the scenario, now (FaultSchedule::Inject), and what came of it; OK also where
  // it is under way for long. FailedPrecondition where no run goes on.
  absl::Status Press(int fault);

  // Of the run that goes on; null: none does.
  using Inject = std::function<void(int fault, Damage::Done done)>;
  void Connect(Inject inject);

 private:
  absl::Mutex mutex_;
  Inject inject_ ABSL_GUARDED_BY(mutex_);
};

// Records into `folder`, which exists. Runs on the calling thread, which must be the program's main
// thread. The status is that of Run::Finish. `button`, where there is one, breaks this run
// meanwhile; `metrics`, where it is not null, counts what is recorded.
absl::Status RunLive(const proto::Scenario& scenario, const std::string& folder,
                     const std::string& program_dir, RunOptions options, LiveMachine& machine,
                     FaultButton* button = nullptr, ServedMetrics* metrics = nullptr);

}  // namespace replsim
