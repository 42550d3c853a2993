// Witnesses of violations of registers whose values are each written once.
#pragma once

#include <functional>

#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// A read of a value that no operation wrote, which no guarantee allows. registers.thin_air() is it.
Verdict ReadFromNowhere(const Registers& registers, Guarantee guarantee);

// Leaves operations out of a violation as long as `judge` still finds one in the rest: ever smaller
// parts, in the end one by one. A read is left out together with its write. Counts stay.
void ShrinkByLeavingOut(const history::History& history,
                        const std::function<Verdict(const Registers&)>& judge, Watch* watch,
                        Verdict* verdict);

}  // namespace replsim::judge
