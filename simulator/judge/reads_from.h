// Which transaction each read of a history saw, as the axioms of isolation use it (isolation.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "simulator/history/history.h"
#include "simulator/judge/indexes.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// A read from another transaction, or of the initial value (kInitial).
inline constexpr uint32_t kInitial = kNoNode - 1;
struct ReadFrom {
  uint32_t key = 0;
  uint32_t writer = kInitial;
};

// The reads-from relation of a history, as the axioms use it.
class ReadsFrom {
 public:
  // No other member may be called if the time budget is exhausted during construction.
  ReadsFrom(const history::History& history, Watch* watch) : history_(history) {
    FindWriters(watch);
    FindReads(watch);
  }

  // A read that violates every isolation level.
  struct Bad {
    std::vector<size_t> witness;
    std::string reason;
  };
  const std::optional<Bad>& bad() const { return bad_; }

  size_t size() const { return history_.transactions.size(); }
  // In the order of the transaction's steps, without reads of its own writes and repeated reads of
  // the same value.
  const std::vector<ReadFrom>& reads(uint32_t t) const { return reads_[t]; }
  // The keys that the transaction writes, ascending.
  const std::vector<uint32_t>& writes(uint32_t t) const { return writes_[t]; }
  bool Writes(uint32_t t, uint32_t key) const {
    return std::binary_search(writes_[t].begin(), writes_[t].end(), key);
  }
  bool IsCommitted(uint32_t t) const {
    const history::Outcome outcome = history_.transactions[t].outcome;
    return outcome == history::Outcome::kYes ||
           (outcome == history::Outcome::kUnknown && was_read_[t]);
  }

 private:
  void FindWriters(Watch* watch);
  void FindReads(Watch* watch);
  void FindReadsOf(uint32_t t);
  void AddRead(uint32_t t, ReadFrom read);
  void Refuse(std::vector<size_t> witness, std::string reason);
  std::string Text(uint32_t t) const;

  const history::History& history_;
  absl::flat_hash_map<uint64_t, std::pair<uint32_t, uint32_t>> writers_;  // by key and value
  absl::flat_hash_map<uint64_t, uint32_t> last_writes_;  // by key and transaction: the last step
  std::vector<std::vector<ReadFrom>> reads_;
  std::vector<std::vector<uint32_t>> writes_;
  std::vector<bool> was_read_;
  std::optional<Bad> bad_;
};

}  // namespace replsim::judge
