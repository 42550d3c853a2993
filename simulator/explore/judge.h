// Judges one trial: as promised, a loss that the mode does not exclude, or a failure of a certain
// kind. Failures of the same kind are assumed to be the same bug. Pure.
#pragma once

#include <string>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/explore/trial.h"

namespace replsim {

// Kinds: "as-promised", "unpromised-loss", "corrupt-log", "not-held: METRIC TEST"
// (drawn_expectations.h). The others are failures:
//   lost-write         an acknowledged, protected write was lost although the mode promises it
//   guarantee-broken: NAME
//                      a guarantee that the mode promises to readers did not hold
//                      (simulator/promise/guarantee_promise.h)
//   rejected-survived  a rejected write is in the final log
//   hole               a lost write precedes a surviving write of the same epoch
//   not-converged      a node did not reach the primary's log after healing, or is down
//   no-progress        a sufficient core was healed and acknowledged no write (draw_core.h)
//   violation-…        another violation found by the analysis, by its first words
//   check-FILE-LINE    a failed invariant check of a core
//   died, stuck        the process died for another reason, or exceeded its time limit
//   run-failed         the run could not be done
struct Verdict {
  std::string kind;
  bool failed = false;
  std::string detail;  // one line of text
};

inline constexpr char kAsPromised[] = "as-promised";
inline constexpr char kUnpromisedLoss[] = "unpromised-loss";
inline constexpr char kNotHeld[] = "not-held: ";
inline constexpr char kGuaranteeBroken[] = "guarantee-broken: ";
inline constexpr char kRunFailed[] = "run-failed";
// A node that was to lead refused because of a bit flip in its log. The trial has no verdict.
inline constexpr char kCorruptLog[] = "corrupt-log";

Verdict Judge(const proto::Scenario& scenario, const TrialEnd& end);

// What `--fail-on` accepts: kinds of outcomes that are failures only on request. "not-held" stands
// for every expectation that did not hold.
std::vector<std::string> FailOnKinds();
// Returns whether one of `kinds`, each of FailOnKinds, stands for this verdict.
bool FailsOn(const Verdict& verdict, const std::vector<std::string>& kinds);

}  // namespace replsim
