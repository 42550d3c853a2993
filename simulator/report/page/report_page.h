// report.html: one run, in one file that needs no network and no server. All text and numbers are
// in the HTML. A script (charts.js) draws the data embedded in the page; its numbers come from the
// analysis.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "protos/report.pb.h"
#include "simulator/analysis/run_report.h"
#include "simulator/report/page/sections.h"

namespace replsim {

// `report` covers the whole scenario: it provides the question, the answer and the expectations.
std::string ReportPage(const proto::Report& report, const RunAnalysis& run,
                       RunState state = RunState::kEnded);
// The update for an open page when more data is available: JSON for charts.js, on one line.
std::string PageUpdate(const proto::Report& report, const RunAnalysis& run,
                       RunState state = RunState::kEnded);

// Writes report.html into the folder of each run's recording.
absl::Status SavePages(const proto::Report& report, const std::vector<RunAnalysis>& runs);

}  // namespace replsim
