// Sequential consistency: some order of all operations on all keys explains every read and agrees
// with each client's order, regardless of time (L. Lamport, "How to make a multiprocessor computer
// that correctly executes multiprocess programs", 1979). Deciding it is NP-complete even if each
// value is written once, so the judge tries these steps, from cheap to expensive:
//   1. an order of each key's writes suggested by time (key_orders.h): can answer yes
//   2. the order of writes implied by each client's accesses and by facts that its writes carry
//      (carried_facts.h): can answer no
//   3. all precedences that follow from values and clients' orders (saturation.h): can answer
//      no, or suggest another order to check
//   4. a bounded search (sequential_search.h): yes, no or unknown
#pragma once

#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// For histories of model kRegister, with any values. `registers` must cover the whole history. Keys
// that it leaves out can be judged only by the search.
Verdict JudgeSequential(const Registers& registers, const Budget& budget);

}  // namespace replsim::judge
