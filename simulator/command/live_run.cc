#include "simulator/command/live_run.h"

#include <cstdio>
#include <memory>
#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/base/status.h"
#include "simulator/command/cluster_choice.h"
#include "simulator/command/host_watch.h"

namespace replsim {
namespace {

// Flush interval of the recording; a run whose disk is full ends after at most this time.
constexpr Nanos kFlushInterval = Millis(500);

// Not on the stack: callbacks that gRPC's threads post after the end may refer to it.
struct LiveRun {
  LiveRun(const proto::Scenario& scenario, const std::string& folder,
          const std::string& program_dir, RunOptions options, LiveMachine& machine,
          std::unique_ptr<RecordingSink> recording)
      : sink(std::move(recording)),
        rng(scenario.seed()),
        chosen(ChooseCluster(scenario, folder, program_dir, &machine.io, &machine.processes,
                             &machine.scheduler, rng.Fork("cluster"))),
        run(scenario, std::move(options), chosen.cluster.get(), &machine.scheduler, rng,
            sink.get()) {}

  const std::unique_ptr<RecordingSink> sink;
  const Rng rng;
  const ChosenCluster chosen;
  Run run;
  bool ended = false;
};

}  // namespace

LiveMachine& SharedMachine() {
  static LiveMachine& machine = *new LiveMachine();
  return machine;
}

absl::Status FaultButton::Press(int fault) {
  return Do([fault](Run& run, FaultInjector::Done done) { run.Inject(fault, std::move(done)); });
}

absl::Status FaultButton::Press(const proto::Fault& fault) {
  return Do([fault](Run& run, FaultInjector::Done done) { run.InjectNew(fault, std::move(done)); });
}

absl::Status FaultButton::Do(Action action) {
  struct Outcome {
    absl::Status status;
    absl::Notification known;
  };
  // Shared: the result may arrive after the timeout
  const auto outcome = std::make_shared<Outcome>();
  {
    const absl::MutexLock lock(&mutex_);
    if (inject_ == nullptr) return absl::FailedPreconditionError("No run is in progress.");
    inject_(std::move(action), [outcome](absl::Status status) {
      outcome->status = std::move(status);
      outcome->known.Notify();
    });
  }
  constexpr int kTimeoutS = 10;
  if (!outcome->known.WaitForNotificationWithTimeout(absl::Seconds(kTimeoutS))) {
    return absl::OkStatus();
  }
  return outcome->status;
}

void FaultButton::Connect(Inject inject) {
  const absl::MutexLock lock(&mutex_);
  inject_ = std::move(inject);
}

absl::Status RunLive(const proto::Scenario& scenario, const std::string& folder,
                     const std::string& program_dir, RunOptions options, LiveMachine& machine,
                     FaultButton* button, ServedMetrics* metrics) {
  REPL_ASSIGN_OR_RETURN(std::unique_ptr<RecordingSink> sink, RecordIntoFolder(folder));
  if (metrics != nullptr) sink = metrics->CountInto(std::move(sink));
  const bool until_stopped = options.until_stopped;
  const auto live = std::make_unique<LiveRun>(scenario, folder, program_dir, std::move(options),
                                              machine, std::move(sink));
  machine.processes.OnInterrupt([&live, &machine, until_stopped, count = 0](int) mutable {
    const bool stops = until_stopped && count++ == 0;
    if (stops) {
      std::fputs("\nending: the faults are healed and the final logs read; Ctrl-C ends at once\n",
                 stderr);
    }
    machine.scheduler.Post([&live, stops] {
      if (stops) return live->run.StopLoad();
      live->run.End(absl::CancelledError("interrupted"));
    });
  });
  if (button != nullptr) {
    button->Connect([&live, &machine](FaultButton::Action action, FaultInjector::Done done) {
      machine.scheduler.Post([&live, action = std::move(action), done = std::move(done)]() mutable {
        action(live->run, std::move(done));
      });
    });
  }
  machine.scheduler.Post([&live, &machine] {
    live->run.Begin([&machine] { machine.io.stop(); });
    live->run.FlushEvery(kFlushInterval);
  });
  machine.io.restart();
  const HostWatch host(&machine.io);
  machine.io.run();
  if (button != nullptr) button->Connect(nullptr);
  // When this callback runs, the callback that ended the run has left the scheduler.
  absl::Notification left;
  machine.scheduler.Post([&left] { left.Notify(); });
  left.WaitForNotification();
  machine.processes.OnInterrupt(nullptr);
  live->chosen.kill_all();
  live->run.SetHost(host.Take());
  const absl::Status finished = live->run.Finish();
  const absl::Status completed = live->chosen.complete();
  return finished.ok() ? completed : finished;
}

}  // namespace replsim
