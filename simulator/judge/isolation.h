// Read committed, read atomic and causal consistency of transactions on registers whose values are
// each written once. The axioms are those of R. Biswas, C. Enea, "On the complexity of checking
// transactional consistency", 2019; they are decided as in "AWDIT: An optimal weak database
// isolation tester", 2025.
//
// First each read is checked by itself. It must not return a value that no transaction wrote, that
// an aborted transaction wrote, that is not the last write of its transaction, or that its own
// transaction writes later; and it must see its transaction's own writes.
//
// Then: if transaction T reads key x from T1, and T2 also writes x and is visible to T, then T2
// must have committed before T1. T2 is visible to T under
//   read committed  if T read from T2 earlier
//   read atomic     if T read from T2, or T2 is earlier in the session of T
//   causal          if T2 happened before T: by sessions and reads, transitively
// A cycle in the union of this order, the sessions and the reads is a violation.
#pragma once

#include <vector>

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// `history` has model kTransactions. `levels` is a subset of kCausal, kReadAtomic and
// kReadCommitted. A transaction that was not answered precedes no other of its session. Causal
// needs 4 bytes × transactions × (sessions + unanswered transactions) of memory.
std::vector<Verdict> JudgeIsolation(const history::History& history,
                                    const std::vector<Guarantee>& levels, const Budget& budget);

}  // namespace replsim::judge
