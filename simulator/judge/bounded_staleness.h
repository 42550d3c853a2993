// Bounded staleness of registers whose values are each written once.
//
// By time t: the history is linearizable if every read may begin t earlier (zones.h measures the
// smallest such t). By versions k: a read does not miss more than k newer writes that had ended
// before it began; a register with k = 0 versions is 1-atomic, and so on (A. Aiyer and others, "On
// the availability of non-strict quorum systems", 2005).
//
// Which of two writes that overlapped is newer is not known. The verdict on versions is no if a
// read missed more than k writes that began after the one it saw had ended, yes if it cannot have
// missed more than k whatever the order is, and unknown between. Exact where a key's writes do not
// overlap. O(n log n).
#pragma once

#include <cstdint>
#include <optional>

#include "simulator/history/history.h"
#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// `linearizable` is the verdict on the same history. Of the bounds in `terms` at least one is
// there.
Verdict JudgeBoundedStaleness(const Registers& registers, const Terms& terms,
                              const Verdict& linearizable, const Budget& budget);

}  // namespace replsim::judge
