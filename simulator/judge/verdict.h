// The result of a judge, and the limits within which it works.
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
  kConsistentPrefix,
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
// The name in --for and in reports: "linearizable".
const char* NameOf(Guarantee guarantee);

// Two operations of a witness, as indexes: `first` took effect before `second`. kNone stands for
// the initial values.
struct Precedence {
  size_t first = kNone;
  size_t second = kNone;
};

struct Verdict {
  Guarantee guarantee = Guarantee::kLinearizable;
  Holds holds = Holds::kYes;
  // One line: the violation, or why the verdict is unknown.
  std::string reason;
  // The violation: a small set of operations that shows it, in order of begin, as indexes into the
  // history's operations (transactions, snapshots); and the contradiction, line by line.
  std::vector<size_t> witness;
  std::vector<std::string> because;
  std::vector<Precedence> order;  // the precedence of each line of `because`, or empty

  // For registers: the number of keys that are not linearizable, and of all keys.
  uint64_t bad_keys = 0;
  bool bad_keys_at_least = false;  // a search stopped at the first one
  uint64_t keys = 0;
  // The smallest Δ in ns such that the history is linearizable if every read begins Δ earlier.
  // Absent if no Δ suffices or it was not computed.
  std::optional<int64_t> late_by;
  // For each read that began after the value it saw had been overwritten: by how much, in time
  // units of the history.
  std::vector<int64_t> late_reads;
  uint64_t reads = 0;      // session guarantees: operations that could have shown a violation
  uint64_t bad_reads = 0;  // operations that showed one
  // Set if kSequential holds with an order in which no write precedes another write of its key that
  // had ended before it began.
  bool in_order_of_time = false;
};

// The order of a key's writes that session guarantees assume.
enum class WritesInOrder : uint8_t {
  kOfTime,     // kOfClients, and writes that do not overlap are in order of time
  kOfClients,  // each client's writes are in its order
};

// Parameters of the guarantees.
struct Terms {
  WritesInOrder writes = WritesInOrder::kOfTime;  // for session guarantees
  // Bounds for bounded staleness: nanoseconds and versions. Absent: not bounded.
  std::optional<int64_t> staleness;
  std::optional<uint64_t> versions;
};

// Limits of a judge. The judge has no clock: it calls is_spent to ask whether to stop.
struct Budget {
  // True once the time is exhausted; called about every 1024 steps (watch.h). Default: no limit.
  std::function<bool()> is_spent = [] { return false; };
  // Approximate limit on what one judge allocates, in bytes (--memory). Default 1 GiB.
  size_t memory_bytes = size_t{1} << 30;
  bool may_search = true;  // false: verdicts that need a search are unknown
};

}  // namespace replsim::judge
