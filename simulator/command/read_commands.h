// The commands that read the recordings of one run: report and explain.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "simulator/command/report_outputs.h"

namespace replsim {

// Returns the folder of one recording below `folder`. An empty `variant` means the only one.
// `repeat` counts from 1; 0 means the first.
absl::StatusOr<std::string> RecordingFolder(const std::string& folder, const std::string& variant,
                                            uint32_t repeat);

// Each command prints its text, or an error to stderr, and returns the exit status.
int ReportAgain(const std::string& folder, const ReportOutputs& outputs);

// Options of `explain`.
struct ExplainOptions {
  std::string folder;   // the run folder, or one recording in it
  std::string variant;  // empty: the only variant
  // Repetition of the variant, from 1. 0: the first; for "lost", the first with a lost write.
  uint32_t repeat = 0;
  std::string which;  // an LSN, a position (3:4211), a key (k0713: its last write), or "lost"
};
int Explain(const ExplainOptions& options);

}  // namespace replsim
