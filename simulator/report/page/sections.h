// The parts of report.html, from top to bottom, each a piece of HTML. A section of which nothing is
// known says so or is empty.
#pragma once

#include <string>

#include "protos/report.pb.h"
#include "protos/timeline.pb.h"
#include "simulator/analysis/run_report.h"

namespace replsim {

// Of a run that is still going on a page says what is known only after it; of one that has ended,
// what is missing.
enum class RunState { kEnded, kRunning };

// Question, answer, the verdict of each expectation that is about this run, what is missing.
std::string SummarySection(const proto::Report& report, const proto::RunReport& run,
                           RunState state);
// The headline numbers; all others behind a fold.
std::string NumbersSection(const proto::RunReport& run, RunState state);
// Faults as a table: what the shaded bands of the charts are.
std::string FaultsSection(const proto::Timeline& timeline, RunState state);
// What became of the writes, and the stories of a few.
std::string FatesSection(const RunAnalysis& run, RunState state);
std::string SpaceTimeSection(const proto::SpaceTime& space_time);
// Which guarantees held, why the strongest that failed did, and all anomalies.
std::string ConsistencySection(const RunAnalysis& run);
std::string IoSection(const proto::RunReport& run);
std::string ScenarioSection(const RunAnalysis& run);

}  // namespace replsim
