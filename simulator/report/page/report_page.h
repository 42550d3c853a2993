// report.html: one run, in one file that needs no network and no server. Everything that is text or
// a number is in the HTML; a script (charts.js) draws what lies in the page as data, and the
// numbers it draws come from the analysis.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "protos/report.pb.h"
#include "simulator/analysis/run_report.h"
#include "simulator/report/page/sections.h"

namespace replsim {

// `report` is of the whole scenario, for its question, its answer and what was expected of this
// run.
std::string ReportPage(const proto::Report& report, const RunAnalysis& run,
                       RunState state = RunState::kEnded);
// What a page that is open is sent when more is known: JSON for charts.js, in one line.
std::string PageUpdate(const proto::Report& report, const RunAnalysis& run,
                       RunState state = RunState::kEnded);

// report.html in the folder of each run's recording.
absl::Status SavePages(const proto::Report& report, const std::vector<RunAnalysis>& runs);

}  // namespace replsim
