// Sequential consistency: some order of all operations, of all keys together, explains every read
// and agrees with each client's order, whatever the times say (L. Lamport, "How to make a
// multiprocessor computer that correctly executes multiprocess programs", 1979). To decide it is
// NP-complete even if each value is written once, so the judge tries, from cheap to dear:
//   an order of each key's writes that time suggests, which is checked at once (key_orders.h): yes;
//   what one client's accesses, and what its writes carry, say of the order of writes: no;
//   everything that follows from the values and the clients' orders (saturation.h): no, or another
//   order to check;
//   a bounded search (sequential_search.h): yes, no or unknown.
#pragma once

#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// Of history.model kRegister, any values. `registers` is of the whole history; of the keys that it
// leaves out only the search can say anything.
Verdict JudgeSequential(const Registers& registers, const Budget& budget);

}  // namespace replsim::judge
