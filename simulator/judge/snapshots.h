// What reads of a whole object must show, as Jepsen's workloads of these names check it.
#pragma once

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// Bank: every read shows the same accounts with the same sum as the first, and no account is below
// zero: transfers move money, and are refused where there is none.
Verdict JudgeBank(const history::History& history, const Budget& budget);

// Set: no element that was there is missing later on. An element is there once its add was
// answered or a read showed it; it is lost if a read that began after that does not show it, and
// none that began later does. No read shows an element twice, or one that nobody added.
Verdict JudgeSet(const history::History& history, const Budget& budget);

// Long fork: no two reads of the same keys see two writes in opposite orders. Each key is written
// once.
Verdict JudgeLongFork(const history::History& history, const Budget& budget);

}  // namespace replsim::judge
