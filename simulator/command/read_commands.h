// The commands that only read recordings: compare, report, explain.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "protos/report.pb.h"

namespace replsim {

// To a file, or to stdout for "-".
absl::Status WriteReportJson(const std::string& path, const proto::Report& report);

// Each prints its text, or says on stderr what is wrong, and returns the exit status.
int Compare(const std::vector<std::string>& folders);
int ReportAgain(const std::string& folder, const std::string& json);
int Explain(const std::string& folder, const std::string& variant, const std::string& which);

}  // namespace replsim
