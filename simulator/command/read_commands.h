// The commands that read one run's recordings: report, explain.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "simulator/command/report_outputs.h"

namespace replsim {

// The recording in `folder` that is meant: of one variant, of which repeat (0: the first). An empty
// `variant` means the only one there is.
absl::StatusOr<std::string> RecordingFolder(const std::string& folder, const std::string& variant,
                                            uint32_t repeat);

// Each prints its text, or says on stderr what is wrong, and returns the exit status.
int ReportAgain(const std::string& folder, const ReportOutputs& outputs);

struct ExplainOptions {
  std::string folder;
  std::string variant;
  uint32_t repeat =
      0;  // which run of it, from 1; 0: the first, of lost writes the first that has one
  std::string which;
};
int Explain(const ExplainOptions& options);

}  // namespace replsim
