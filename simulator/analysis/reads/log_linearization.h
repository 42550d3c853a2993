// Whether the operations of a run took effect in the order of the log: each at one instant between
// its begin and its end, and a transaction at one instant on all of its keys. Then the history is
// linearizable, also across keys. Otherwise another order may still explain it.
#pragma once

#include "simulator/analysis/evidence/final_log.h"
#include "simulator/recording/recording.h"

namespace replsim {

// False also if the position of an operation is unknown, or if a read saw another value than the
// write at its position wrote.
bool TookEffectInLogOrder(const Recording& recording, const FinalLog& final_log);

}  // namespace replsim
