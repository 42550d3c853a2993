// Runs side by side: any number of reports as one table, and the settings in which they differ.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "protos/report.pb.h"
#include "simulator/report/text_report.h"

namespace replsim {

// One report of all their runs, each called "<scenario or folder>/<variant>" where that is needed
// to tell them apart. `names` are the folders the reports came from.
proto::Report MergeReports(std::span<const proto::Report> reports,
                           std::span<const std::string> names);
// The table, then one line per setting that is not the same in all runs.
std::string CompareText(const proto::Report& merged, const TextOptions& options = {});
// Loads (LoadReport) and compares.
absl::StatusOr<std::string> CompareFolders(std::span<const std::string> folders,
                                           const TextOptions& options = {});

}  // namespace replsim
