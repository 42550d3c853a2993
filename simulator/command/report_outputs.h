// The files that `run` and `report` write on request, besides those of the run folder.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "protos/report.pb.h"

namespace replsim {

// Each is a path, or empty for none. `json` and `markdown` accept "-" for stdout.
struct ReportOutputs {
  std::string json;
  std::string markdown;
  std::string junit;

  // Returns whether one of them goes to stdout, which suppresses the terminal report.
  bool OnStdout() const { return json == "-" || markdown == "-"; }
};

// Checks the paths before a run begins, which may take minutes. INVALID_ARGUMENT names the flag.
absl::Status CheckOutputs(const ReportOutputs& outputs);
absl::Status WriteOutputs(const ReportOutputs& outputs, const proto::Report& report);

// Writes the text to a file, or to stdout for "-". Does nothing for an empty path.
absl::Status WriteFileOrStdout(const std::string& path, const std::string& text);

}  // namespace replsim
