// Linearizability: every operation seems to take effect at one instant between its begin and its
// end (M. P. Herlihy, J. M. Wing, "Linearizability", 1990). Keys are judged separately, because a
// store is linearizable if each of its keys is. A key with unique values is judged by zones
// (zones.h), any other key by search (search.h). The searches of all keys take turns, and stop at
// the first key that is not linearizable.
#pragma once

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// For histories of model kRegister or kKvAppend.
Verdict JudgeLinearizable(const history::History& history, const Budget& budget);
// Judges transactions that each take effect at one instant: models kMultiRegister and
// kTransactions.
Verdict JudgeStrictSerializable(const history::History& history, const Budget& budget);
// Leaves out of a violation's witness what no violation of strict serializability needs. The
// witness may be that of a weaker guarantee, which can need more. `verdict` is unchanged if nothing
// can be left out.
void ShrinkStrictSerializable(const history::History& history, const Budget& budget,
                              Verdict* verdict);

}  // namespace replsim::judge
