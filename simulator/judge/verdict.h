// What a judge says of a history.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "simulator/judge/indexes.h"

namespace replsim::judge {

enum class Holds : uint8_t { kYes, kNo, kUnknown };

enum class Guarantee : uint8_t {
  kStrictSerializable,
  kLinearizable,
  kBoundedStaleness,
  kSequential,
  kCausal,
  kReadYourWrites,
  kMonotonicReads,
  kMonotonicWrites,
  kWritesFollowReads,
  kReadAtomic,
  kReadCommitted,
  kBank,
  kSet,
  kNoLongFork,
};
// "linearizable", as --for and reports have it.
const char* NameOf(Guarantee guarantee);

// Of two operations of a witness, as indexes: the first took effect before the second. kNone stands
// for the initial values.
struct Precedence {
  size_t first = kNone;
  size_t second = kNone;
};

struct Verdict {
  Guarantee guarantee = Guarantee::kLinearizable;
  Holds holds = Holds::kYes;
  // One line: the violation, or why nothing can be said.
  std::string reason;
  // The violation: the fewest operations that show it, in order of their begin, as indexes into the
  // history's operations (transactions, snapshots), and what contradicts what.
  std::vector<size_t> witness;
  std::vector<std::string> because;
  std::vector<Precedence> order;  // what each line of `because` says; empty if it has none

  // Registers: keys that are not linearizable, of all keys.
  uint64_t bad_keys = 0;
  uint64_t keys = 0;
  // The smallest Δ with which the history is linearizable if every read's begin is moved that much
  // earlier; absent: none is, or it was not computed.
  std::optional<int64_t> late_by;
  // Reads that began after the value they saw had been overwritten, in time units of the history.
  std::vector<int64_t> late_reads;
  uint64_t reads = 0;  // of session guarantees: the operations that could have shown a violation
  uint64_t bad_reads = 0;  // those that showed one
  // Sequential, and it holds: in the order that was found, no write is before another one of its
  // key that had ended before it began.
  bool in_order_of_time = false;
};

// In which order the writes of a key took effect, as session guarantees take it.
enum class WritesInOrder : uint8_t {
  kOfTime,     // as in kOfClients; and writes that did not overlap, in the order of time
  kOfClients,  // each client's writes in its order
};

// What guarantees depend on, apart from the history.
struct Terms {
  WritesInOrder writes = WritesInOrder::kOfTime;  // of session guarantees
  // Bounded staleness: by at most how much, in nanoseconds and in versions; absent: any.
  std::optional<int64_t> staleness;
  std::optional<uint64_t> versions;
};

// What a search may use. The judge has no clock: it asks.
struct Budget {
  std::function<bool()> is_spent = [] { return false; };
  size_t memory_bytes = size_t{1} << 30;
  bool may_search = true;  // false: what only a search can decide is unknown
};

}  // namespace replsim::judge
