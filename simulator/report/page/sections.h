// The sections of report.html, from top to bottom, as HTML. A section without data says so or is
// empty.
#pragma once

#include <string>

#include "protos/report.pb.h"
#include "protos/timeline.pb.h"
#include "simulator/analysis/run_report.h"

namespace replsim {

// kRunning: the page says which values become known only after the run. kEnded: it says which
// values are missing.
enum class RunState { kEnded, kRunning };

// Question, answer, the verdict of each expectation about this run, and missing data.
std::string SummarySection(const proto::Report& report, const proto::RunReport& run,
                           RunState state);
// The headline numbers; all other numbers are folded away.
std::string NumbersSection(const proto::RunReport& run, RunState state);
// The faults as a table, which explains the shaded bands of the charts.
std::string FaultsSection(const proto::Timeline& timeline, RunState state);
// The fates of the writes, and the explained lives of a few.
std::string FatesSection(const RunAnalysis& run, RunState state);
// Who led when, and what each node did in elections. Empty without elections.
std::string LeadSection(const proto::LeadLanes& lanes);
std::string SpaceTimeSection(const proto::SpaceTime& space_time);
// The guarantees that held, the reason why the strongest other one did not, and all anomalies.
std::string ConsistencySection(const RunAnalysis& run);
std::string IoSection(const proto::RunReport& run);
std::string ScenarioSection(const RunAnalysis& run);

}  // namespace replsim
