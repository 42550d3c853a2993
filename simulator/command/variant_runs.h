// Runs every variant of a scenario, one after the other, and analyses each recording.
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
  // All outlive the runs; `served` may be null.
  VariantRuns(const CommandOptions& options, const LoadedScenario& loaded, std::string run_folder,
              ServedRun* served)
      : options_(options), loaded_(loaded), run_folder_(std::move(run_folder)), served_(served) {}

  // Every variant once, then every variant again: what drifts on the machine in the meantime is the
  // same for all.
  absl::StatusOr<proto::Report> Go();
  // Why a run ended early. CANCELLED: it was interrupted, and is not in the report; otherwise it is
  // the last run of the report. OK: all runs are complete.
  const absl::Status& broken() const { return broken_; }

 private:
  bool repeated() const { return options_.repeat > 1; }
  absl::StatusOr<std::string> CreateFolder(const std::string& variant, uint32_t repeat) const;
  std::string Title(size_t index, uint32_t repeat) const;
  RunDisplay DisplayOf(size_t index, uint32_t repeat, Progress& progress) const;
  absl::Status RunOne(size_t index, uint32_t repeat, RunResults& results);
  // The report where the run of `variant` has ended early with `why`.
  absl::StatusOr<proto::Report> EndEarly(const Variant& variant, uint32_t repeat, absl::Status why,
                                         RunResults& results);
  // What that run has recorded; nothing: too little for a report.
  std::optional<RunAnalysis> Broken(const proto::Scenario& scenario) const;
  // What is known before the run begins.
  std::vector<std::string> NotesBefore(const Variant& variant) const;

  const CommandOptions& options_;
  const LoadedScenario& loaded_;
  const std::string run_folder_;
  ServedRun* const served_;
  std::string folder_;  // of the run that goes on
  absl::Status broken_;
  uint64_t complete_ = 0;  // runs
};

}  // namespace replsim
