// What one trial came to: as promised, a loss that nobody had promised against, or a failure, of a
// kind. Two failures of one kind are taken for the same bug.
#pragma once

#include <string>

#include "protos/scenario.pb.h"
#include "simulator/explore/trial.h"

namespace replsim {

// Kinds: "as-promised", "unpromised-loss"; failures are
//   lost-write         acknowledged, not marked unprotected, and lost, though the mode promises it
//   rejected-survived  said to be certainly not done, and in the final log
//   hole               lost, and a later write of the same epoch survived
//   not-converged      some node did not reach the primary's log after healing, or is down
//   no-progress        a sufficient core was healed, and acknowledged no write (draw_core.h)
//   violation-…        another violation that the analysis found, by its first words
//   check-FILE-LINE    an invariant that a core checks
//   died, stuck        the process died otherwise, or ran out of time
//   run-failed         our own failure: the run could not be done
struct Verdict {
  std::string kind;
  bool failed = false;
  std::string detail;  // one line for people
};

inline constexpr char kAsPromised[] = "as-promised";
inline constexpr char kUnpromisedLoss[] = "unpromised-loss";
inline constexpr char kRunFailed[] = "run-failed";
// A bit was turned in the log of a node that was to lead, and it refused to: no verdict.
inline constexpr char kDamagedLog[] = "corrupt-log";

Verdict Judge(const proto::Scenario& scenario, const TrialEnd& end);

}  // namespace replsim
