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

// What is judged by looking for one order of all operations.
struct OneOrder {
  Guarantee guarantee = Guarantee::kSequential;
  // With kOfTime, the order must also have every write after all writes, of any key, that ended
  // before it began. Each process must then either read or write.
  WritesInOrder writes = WritesInOrder::kOfClients;
  const char* no_order = "no order of all operations agrees with each client's order";
};

// For histories of model kRegister, with any values. `registers` must cover the whole history. Keys
// that it leaves out can be judged only by the search.
Verdict JudgeOneOrder(const Registers& registers, const OneOrder& rule, const Budget& budget);
inline Verdict JudgeSequential(const Registers& registers, const Budget& budget) {
  return JudgeOneOrder(registers, OneOrder{}, budget);
}

}  // namespace replsim::judge
