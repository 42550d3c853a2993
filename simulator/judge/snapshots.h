// Checks of reads of a whole object, as in Jepsen's workloads of the same names. The verdict is
// unknown if no answered read could have shown a violation: for a set, if none shows an element,
// and none had to.
#pragma once

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// Bank: every read shows the accounts of the first one with the same sum, and no account is nil or
// below zero. Transfers move money, and are rejected if there is too little of it.
Verdict JudgeBank(const history::History& history, const Budget& budget);

// Set: an element never disappears. An element is present once its add was answered or a read
// showed it. It is lost if a read that began later does not show it, and no read that began after
// that one does. No read shows an element twice, or one that no operation added.
Verdict JudgeSet(const history::History& history, const Budget& budget);

// Long fork: no two reads of the same keys see two writes in opposite orders. Each key is written
// once.
Verdict JudgeLongFork(const history::History& history, const Budget& budget);

}  // namespace replsim::judge
