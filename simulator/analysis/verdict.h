// The verdict of a report: the only place that decides it, for exit status, JUnit, JSON, terminal
// and pages. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protos/report.pb.h"

namespace replsim {

// One invariant that one run violated.
struct Violation {
  const proto::RunReport* run = nullptr;
  std::string what;
};
// In the order of the runs. A non-empty `variant` restricts the result to its runs.
std::vector<Violation> ViolationsIn(const proto::Report& report, absl::string_view variant = "");

// FAILED: an expectation did not hold, or a run violated an invariant. NOT_JUDGED: otherwise, if an
// expectation could not be judged, if a fault of a run never happened, or if the fates of a run's
// writes are unknown (a loss would not have been noticed).
proto::Report::Verdict DecideVerdict(const proto::Report& report);

// One line per reason why the verdict is not HELD.
std::vector<std::string> VerdictReasons(const proto::Report& report);

// Sets `verdict` and `verdict_reasons`. Call it after runs or expectations have changed.
void SetVerdict(proto::Report& report);

// Exit status: 0 HELD, 1 FAILED, 2 NOT_JUDGED.
int ExitStatus(const proto::Report& report);

// "async", "async, repeat 3", "this run".
std::string NameOfRun(const proto::RunReport& run);

}  // namespace replsim
