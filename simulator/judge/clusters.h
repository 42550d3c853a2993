// The clusters of one register whose values are each written once: a write with the reads that saw
// its value. zones.h says what they are for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "absl/types/span.h"
#include "simulator/history/history.h"
#include "simulator/judge/indexes.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// Before every time of a history, and far enough from the limit that times can be subtracted.
inline constexpr int64_t kBeforeAll = std::numeric_limits<int64_t>::min() / 4;

// Operations are indexes into History::operations.
struct Cluster {
  int64_t write_begin = kBeforeAll;
  int64_t f = kBeforeAll;            // the earliest end
  int64_t last_read = kBeforeAll;    // the latest begin of a read
  uint32_t write = kNoNode;          // kNoNode: the initial value
  uint32_t first_to_end = kNoNode;   // the operation that ended at f
  uint32_t last_to_begin = kNoNode;  // the read that began at last_read
  history::Value value = history::kNil;

  int64_t s() const { return std::max(write_begin, last_read); }
};

// A number for each value of a history: values are small numbers, so that an array serves where a
// hash table would cost a cache miss for each operation. Reused from key to key.
class ValueTable {
 public:
  explicit ValueTable(const history::History& history)
      : history_(history), numbers_(history.values.size(), kNoNode) {}

  uint32_t& operator[](history::Value value) { return numbers_[static_cast<size_t>(value)]; }
  // Forgets the numbers of the values that `operations` and the initial value have.
  void Clear(absl::Span<const uint32_t> operations);

 private:
  const history::History& history_;
  std::vector<uint32_t> numbers_;
};

class Clusters {
 public:
  // Called with a read that ended before its write began, and that write, or with a read of a value
  // that no operation wrote, and kNoNode. Such a read belongs to no cluster.
  using Refused = std::function<void(uint32_t read, uint32_t write)>;

  // `operations` are all operations of one key, in order of begin. `table` is empty, and is emptied
  // by the destructor. The object is invalid if the time budget was exhausted (`watch`).
  Clusters(const history::History& history, absl::Span<const uint32_t> operations,
           ValueTable* table, Watch* watch, const Refused& refused);
  ~Clusters() { table_.Clear(operations_); }
  Clusters(const Clusters&) = delete;
  Clusters& operator=(const Clusters&) = delete;

  // In order of f. An unanswered write that was never read is left out: it need not have happened.
  size_t size() const { return clusters_.size(); }
  const Cluster& operator[](size_t at) const { return clusters_[at]; }
  // The cluster of an operation; kNoNode: of none.
  uint32_t Of(const history::Operation& operation) const;
  // The first cluster with f >= time; fast if it is near the cluster `near`.
  size_t FirstFrom(int64_t time, size_t near) const;

 private:
  void Build(Watch* watch, const Refused& refused);
  void Sort();

  const history::History& history_;
  const absl::Span<const uint32_t> operations_;
  ValueTable& table_;  // by value: the index of its cluster
  std::vector<Cluster> clusters_;
};

}  // namespace replsim::judge
