// Shrinks the witness of a violation among transactions.
#pragma once

#include <functional>

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// `verdict` is a violation whose witness shows one by itself. Leaves out transactions, one by one,
// and what the rest read of them (values, and elements of lists), as long as `judge` finds a
// violation in the rest, and takes the verdict on the rest. Afterwards no transaction can be left
// out. A witness of many hundred transactions stays as it is, as does one for which the time is
// exhausted (`watch`).
void ShrinkTransactions(const history::History& history,
                        const std::function<Verdict(const history::History&)>& judge, Watch* watch,
                        Verdict* verdict);

}  // namespace replsim::judge
