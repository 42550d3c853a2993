// Bounded staleness of registers whose values are each written once.
//
// By time t: the history is linearizable if every read may begin t earlier (zones.h measures the
// smallest such t). By versions k: no read misses more than k newer writes that had ended before it
// began. A register with k = 0 is 1-atomic, and so on (A. Aiyer and others, "On the availability of
// non-strict quorum systems", 2005).
//
// The order of two overlapping writes is unknown. The verdict on versions is therefore: no, if a
// read missed more than k writes that began after the write it saw had ended; yes, if no read can
// have missed more than k in any order; otherwise unknown. It is exact if the writes of a key do
// not overlap. O(n log n).
#pragma once

#include <cstdint>
#include <optional>

#include "simulator/history/history.h"
#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// `linearizable` is the verdict on the same history. `terms` must set at least one of the bounds.
Verdict JudgeBoundedStaleness(const Registers& registers, const Terms& terms,
                              const Verdict& linearizable, const Budget& budget);

}  // namespace replsim::judge
