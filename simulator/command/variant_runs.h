// Runs every variant of a scenario in sequence and analyses each recording. Main thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "protos/report.pb.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/run_command.h"
#include "simulator/command/run_results.h"
#include "simulator/command/served_run.h"
#include "simulator/scenario/scenario.h"

namespace replsim {

class Progress;

class VariantRuns {
 public:
  // All arguments outlive this object; `served` may be null.
  VariantRuns(const CommandOptions& options, const LoadedScenario& loaded, std::string run_folder,
              ServedRun* served)
      : options_(options), loaded_(loaded), run_folder_(std::move(run_folder)), served_(served) {}

  // Runs every variant once, then every variant again: a drift of the machine then affects all
  // variants alike.
  absl::StatusOr<proto::Report> Go();
  // Tells why a run ended early; OK if all runs are complete. CANCELLED: the run was interrupted
  // and is not in the report. Any other error: the run is the last one in the report.
  const absl::Status& broken() const { return broken_; }

 private:
  bool repeated() const { return options_.repeat > 1; }
  absl::StatusOr<std::string> CreateFolder(const std::string& variant, uint32_t repeat) const;
  std::string Title(size_t index, uint32_t repeat) const;
  RunDisplay DisplayOf(size_t index, uint32_t repeat, Progress& progress) const;
  absl::Status RunOne(size_t index, uint32_t repeat, RunResults& results);
  // Builds the report after the run of `variant` has ended early with `why`.
  absl::StatusOr<proto::Report> EndEarly(const Variant& variant, uint32_t repeat, absl::Status why,
                                         RunResults& results);
  // Analyses the recording of the broken run; nothing if it is too small for a report.
  std::optional<RunAnalysis> Broken(const proto::Scenario& scenario) const;
  // Returns the notes that are known before the run begins.
  std::vector<std::string> NotesBefore(const Variant& variant) const;

  const CommandOptions& options_;
  const LoadedScenario& loaded_;
  const std::string run_folder_;
  ServedRun* const served_;
  std::string folder_;  // folder of the run in progress
  absl::Status broken_;
  uint64_t complete_ = 0;  // number of complete runs
};

}  // namespace replsim
