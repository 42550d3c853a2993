// Causal consistency of registers: each operation is judged as a transaction of its own.
#pragma once

#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// A client's operations are in its order, and a read is after the write that it saw. Causal
// consistency asks that no read sees a write that was overwritten before it in this order
// (isolation.h). The witness has indexes into History::operations.
Verdict JudgeCausal(const Registers& registers, const Budget& budget);

}  // namespace replsim::judge
