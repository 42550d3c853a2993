// `replsim run --serve`: serves the page of a run on this machine during the run, and afterwards
// until it is interrupted.
#pragma once

#include <functional>
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
    int port = 0;              // 0: any free port
    bool interactive = false;  // one button per fault of the scenario
    // Reads a fault from words (fault_words.h). Not null: the page has a panel for each node.
    std::function<absl::StatusOr<proto::Fault>(const std::string& words)> read_fault{};
  };
  // Starts to serve and prints the address to stderr. UNAVAILABLE if the port cannot be bound.
  static absl::StatusOr<std::unique_ptr<ServedRun>> Open(const Options& options,
                                                         const proto::Scenario& scenario);

  // The button that injects faults; pass it to the run.
  FaultButton* button() { return &button_; }
  // The counters behind /metrics; pass them to the run.
  ServedMetrics* metrics() { return &metrics_; }
  // Returns a display that shows the run's progress on the page once per second and forwards
  // everything to `display`.
  RunDisplay Watch(RunPlace place, RunDisplay display);
  std::string url() const { return server_->url(); }
  // Shows the recordings below `run_folder` from now on.
  void Show(const std::string& run_folder);
  // Shows the saved report of a finished run until SIGINT or SIGTERM. Main thread.
  void ServeUntilInterrupted(LiveMachine& machine);

 private:
  ServedRun() = default;
  std::string Page();
  // Tells once where the nodes are.
  void TellAddresses(const RunSnapshot& glance);
  void ShowStatus(std::string html);

  std::vector<std::string> buttons_;  // texts of the buttons
  std::vector<std::string> nodes_;    // with a panel of verbs
  FaultButton button_;
  ServedMetrics metrics_;
  absl::Mutex mutex_;
  std::string page_ ABSL_GUARDED_BY(mutex_);
  std::string status_ ABSL_GUARDED_BY(mutex_);       // HTML of the current status
  std::string status_text_ ABSL_GUARDED_BY(mutex_);  // the same as plain text
  std::string run_folder_;
  bool told_ = false;
  RunPlace place_;  // of the run that began last
  std::unique_ptr<LiveServer> server_;
  std::unique_ptr<ViewLoop> views_;
};

}  // namespace replsim
