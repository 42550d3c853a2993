// The files that `run` and `report` write on request, besides the run folder.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "protos/report.pb.h"

namespace replsim {

// Each is a file or empty; json and markdown also "-" for stdout.
struct ReportOutputs {
  std::string json;
  std::string markdown;
  std::string junit;

  // Whether one of them goes to stdout, so that the terminal's report must not.
  bool OnStdout() const { return json == "-" || markdown == "-"; }
};

// Asked before a run begins, which may take minutes. InvalidArgument names the flag.
absl::Status CheckOutputs(const ReportOutputs& outputs);
absl::Status WriteOutputs(const ReportOutputs& outputs, const proto::Report& report);

// Writes the text to a file, or to stdout for "-"; does nothing for an empty path.
absl::Status WriteFileOrStdout(const std::string& path, const std::string& text);

}  // namespace replsim
