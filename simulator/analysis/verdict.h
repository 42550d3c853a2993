// The verdict of a report. Exit status, JUnit, JSON, terminal and pages all show what is decided
// here. Pure.
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
// In the order of the runs. Of `variant` only, where it is given and not empty.
std::vector<Violation> ViolationsIn(const proto::Report& report, absl::string_view variant = "");

// FAILED: an expectation did not hold, or a run violated an invariant. NOT_JUDGED: neither, and an
// expectation could not be judged, or what became of the writes of a run is not known, for then
// nothing that was lost would have been seen.
proto::Report::Verdict DecideVerdict(const proto::Report& report);

// One line for each thing that keeps the verdict from being HELD.
std::vector<std::string> VerdictReasons(const proto::Report& report);

// Fills in `verdict` and `verdict_reasons`; for whoever has just set runs or expectations.
void SetVerdict(proto::Report& report);

// Exit status: 0 HELD, 1 FAILED, 2 NOT_JUDGED.
int ExitStatus(const proto::Report& report);

// "async", "async, repeat 3", "this run".
std::string NameOfRun(const proto::RunReport& run);

}  // namespace replsim
