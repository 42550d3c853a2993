// Read committed, read atomic and causal consistency of transactions on registers whose values are
// each written once: the axioms of R. Biswas, C. Enea, "On the complexity of checking transactional
// consistency", 2019, decided as in "AWDIT: An optimal weak database isolation tester", 2025.
//
// First the reads themselves: no value from nowhere, from an aborted transaction, from the middle
// of one, or from its own future; its own writes are seen. Then: if a transaction reads key x from
// T1, and T2 also writes x and is visible to it, T2 must have committed before T1. Visible is
//   read committed: T2 was read earlier in the transaction;
//   read atomic:    T2 was read by the transaction, or is earlier in its session;
//   causal:         T2 happened before it: sessions and reads, transitively.
// A cycle of these orders, sessions and reads is a violation.
#pragma once

#include <vector>

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// Of model kTransactions. `levels` are kCausal, kReadAtomic and kReadCommitted, or some of them.
// Causal takes 4 bytes per transaction and session.
std::vector<Verdict> JudgeIsolation(const history::History& history,
                                    const std::vector<Guarantee>& levels, const Budget& budget);

}  // namespace replsim::judge
