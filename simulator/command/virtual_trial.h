// The trials of a search: run a scenario in virtual time, in this process.
#pragma once

#include "simulator/explore/trial.h"

namespace replsim {

// Reports what verdicts rest on (analysis/judge_run.h), for `replsim explore`.
RunTrial JudgedTrial();
// Reports everything, for `replsim choose`.
RunTrial MeasuredTrial();

}  // namespace replsim
