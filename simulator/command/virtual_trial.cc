#include "simulator/command/virtual_trial.h"

#include <cstring>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/analysis/judge_run.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"

namespace replsim {
namespace {

// One of this many seeds runs twice, because a run that is not deterministic makes every finding
// worthless.
constexpr uint64_t kRunTwiceEvery = 64;

template <class T>
bool SameBytes(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

// Returns the first difference; empty if there is none.
std::string Difference(const Recording& a, const Recording& b) {
  if (!SameBytes(a.operations, b.operations)) return "the clients' history";
  if (a.events.size() != b.events.size()) return "the events";
  for (size_t i = 0; i < a.events.size(); ++i) {
    if (a.events[i].SerializeAsString() != b.events[i].SerializeAsString()) return "the events";
  }
  for (size_t i = 0; i < a.nodes.size(); ++i) {
    const bool traced = a.nodes[i].trace && b.nodes[i].trace;
    if (traced && !SameBytes(*a.nodes[i].trace, *b.nodes[i].trace)) {
      return absl::StrCat("the trace of ", a.nodes[i].id);
    }
  }
  return "";
}

absl::StatusOr<Recording> RunForTrial(const proto::Scenario& scenario) {
  REPL_ASSIGN_OR_RETURN(Recording recording, RunVirtualInMemory(scenario));
  if (scenario.seed() % kRunTwiceEvery == 0) {
    REPL_ASSIGN_OR_RETURN(const Recording again, RunVirtualInMemory(scenario));
    if (const std::string what = Difference(recording, again); !what.empty()) {
      return absl::InternalError(
          absl::StrCat("seed ", scenario.seed(), " was run twice, and ", what, " differs"));
    }
  }
  return recording;
}

absl::StatusOr<proto::RunReport> RunAndJudge(const proto::Scenario& scenario) {
  REPL_ASSIGN_OR_RETURN(const Recording recording, RunForTrial(scenario));
  return JudgeRun(recording, scenario);
}

absl::StatusOr<proto::RunReport> RunAndMeasure(const proto::Scenario& scenario) {
  REPL_ASSIGN_OR_RETURN(const Recording recording, RunForTrial(scenario));
  return AnalyzeRun(recording, scenario).report;
}

}  // namespace

RunTrial JudgedTrial() { return RunAndJudge; }
RunTrial MeasuredTrial() { return RunAndMeasure; }

}  // namespace replsim
