// Whether every operation seems to have happened at one instant between its begin and its end
// (M. P. Herlihy, J. M. Wing, "Linearizability", 1990). Keys are judged one by one: a store is
// linearizable if each of its keys is. A key whose values are unique is judged by zones (zones.h),
// any other by search (search.h), a little of each key in turn; the search stops at the first key
// that is not linearizable.
#pragma once

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// Models kRegister and kKvAppend.
Verdict JudgeLinearizable(const history::History& history, const Budget& budget);
// Transactions that each take effect at one instant: kMultiRegister and kTransactions.
Verdict JudgeStrictSerializable(const history::History& history, const Budget& budget);

}  // namespace replsim::judge
