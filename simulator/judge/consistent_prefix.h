// Consistent prefix of registers without positions: there is an order of all writes, the log, such
// that each client's reads, in its order and over all keys, show states of the log that only grow.
// Reads need not be recent, and a client need not see its own writes.
//
// The log agrees with each client's writes. With WritesInOrder::kOfTime, a write that ended before
// another one began is before it, whatever their keys, as in a store with one log.
//
// This is sequential consistency if each client's reads count as the operations of another client:
// an order of all operations then puts each read at a position of the log, and only the order
// within the reads and within the writes of a client remains. The judge therefore takes the same
// steps (sequential.h), and its verdict is proven or unknown.
#pragma once

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// The memory that judging takes at least, for each operation: the history is copied.
inline constexpr size_t kBytesOfPrefix = 256;

// For histories of model kRegister, with any values. A compare-and-set counts as a write.
Verdict JudgeConsistentPrefix(const history::History& history, WritesInOrder writes,
                              const Budget& budget);

}  // namespace replsim::judge
