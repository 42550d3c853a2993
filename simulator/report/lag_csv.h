// lag.csv of a run folder: a row per 100 ms, variant, replica and stage, for spreadsheets and
// plots. An unknown value is an empty field.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "simulator/analysis/run_report.h"

namespace replsim {

// t_ms,variant,replica,stage,entries,bytes,time_us; t_ms counts from the beginning of the load.
std::string LagCsv(const std::vector<RunAnalysis>& runs);
absl::Status SaveLagCsv(const std::string& run_folder, const std::vector<RunAnalysis>& runs);

}  // namespace replsim
