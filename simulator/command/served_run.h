// `replsim run --serve`: the page of a run, at an address of this machine, while the run goes on
// and after it, until somebody ends it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "protos/scenario.pb.h"
#include "simulator/command/live_run.h"
#include "simulator/command/live_status.h"
#include "simulator/command/served_metrics.h"
#include "simulator/serve/live_server.h"
#include "simulator/serve/view_loop.h"

namespace replsim {

class ServedRun {
 public:
  struct Options {
    int port = 0;              // 0: any free one
    bool interactive = false;  // with a button for each of the scenario's faults
  };
  // Begins to serve, and says on stderr where. Unavailable where the port cannot be had.
  static absl::StatusOr<std::unique_ptr<ServedRun>> Open(const Options& options,
                                                         const proto::Scenario& scenario);

  // What breaks the run by hand, to be handed to it.
  FaultButton* button() { return &button_; }
  // What /metrics shows, to be handed to the run.
  ServedMetrics* metrics() { return &metrics_; }
  // Shows on the page, once a second, how far this run is; and passes everything on to `display`.
  RunDisplay Watch(RunPlace place, RunDisplay display);
  // From now on shows what is recorded below `run_folder`.
  void Show(const std::string& run_folder);
  // The run is over, and its report saved: shows that until SIGINT or SIGTERM. On the main thread.
  void ServeUntilInterrupted(LiveMachine& machine);

 private:
  ServedRun() = default;
  std::string Page();
  void ShowStatus(std::string html);

  std::vector<std::string> buttons_;  // in words
  FaultButton button_;
  ServedMetrics metrics_;
  absl::Mutex mutex_;
  std::string page_ ABSL_GUARDED_BY(mutex_);
  std::string status_ ABSL_GUARDED_BY(mutex_);  // HTML: what runs
  RunPlace place_;                              // of the run that began last
  std::unique_ptr<LiveServer> server_;
  std::unique_ptr<ViewLoop> views_;
};

}  // namespace replsim
