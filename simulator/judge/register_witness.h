// Witnesses for violations on registers whose values are each written once.
#pragma once

#include <functional>

#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// The verdict for a read of a value that no operation wrote (registers.thin_air()), which violates
// every guarantee.
Verdict JudgeUnwrittenRead(const Registers& registers, Guarantee guarantee);

// Shrinks the witness of a violation by leaving out operations while `judge` still finds a
// violation in the rest: ever smaller parts, finally single operations. Reads are left out together
// with their write. The counts in the verdict stay.
void ShrinkByLeavingOut(const history::History& history,
                        const std::function<Verdict(const Registers&)>& judge, Watch* watch,
                        Verdict* verdict);

}  // namespace replsim::judge
