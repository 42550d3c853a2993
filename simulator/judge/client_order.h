// The operations that a sequential order must contain, each after its client's previous operation,
// and the reads of each write. A write that was never answered is in the order only if it was read.
// It comes after its client's earlier operations, and no operation of that client has to follow it.
//
// With WritesInOrder::kOfTime, a write that ended before another one began is also before it,
// whatever their keys and clients, as in a store with one log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "simulator/judge/registers.h"
#include "simulator/judge/verdict.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

class ClientOrder {
 public:
  // Both must outlive this object. Every value that is read must have been written. No other member
  // may be called if the time is exhausted during construction, or if !fits().
  ClientOrder(const Registers& registers, WritesInOrder writes, Watch* watch);

  // Whether the order of time takes at most a quarter of the memory limit. It can take 4 bytes for
  // each pair of writes if very many overlap.
  bool fits() const { return fits_; }

  const Registers& registers() const { return registers_; }
  uint32_t size() const { return registers_.size(); }
  // The number of operations that the order must contain, and whether it must contain this one.
  uint32_t count() const { return count_; }
  bool Holds(uint32_t position) const { return holds_[position]; }

  // Calls visit(other) for every operation that must come after `position` and does not follow from
  // the others: those of its client up to the next answered one, and with kOfTime the next writes.
  // An operation may be visited twice.
  template <typename Visit>
  void ForEachAfter(uint32_t position, Visit visit) const {
    if (!registers_.IsAnswered(position)) return;
    if (!first_later_.empty()) {
      for (uint32_t i = first_later_[position]; i < first_later_[position + 1]; ++i) {
        visit(later_[i]);
      }
    }
    const absl::Span<const Access> all = registers_.OfProcess(registers_.at(position).process);
    for (size_t i = registers_.PlaceOf(position) + 1; i < all.size(); ++i) {
      if (Holds(all[i].position)) visit(all[i].position);
      if (all[i].is_answered) return;
    }
  }

  absl::Span<const uint32_t> ReadsOf(uint32_t write) const { return Slice(write); }
  // The reads of the initial value of a key.
  absl::Span<const uint32_t> ReadsOfInitial(uint32_t key) const { return Slice(size() + key); }
  // By key: the writes that the order must contain, by begin.
  const std::vector<std::vector<uint32_t>>& writes_of_key() const { return writes_of_key_; }

 private:
  absl::Span<const uint32_t> Slice(size_t slot) const {
    return {reads_.data() + first_read_[slot], first_read_[slot + 1] - first_read_[slot]};
  }
  size_t SlotOf(uint32_t read) const;
  void OrderByTime(Watch* watch);

  const Registers& registers_;
  uint32_t count_ = 0;
  std::vector<bool> holds_;
  std::vector<uint32_t> first_read_;  // first index in reads_, by write and then by key
  std::vector<uint32_t> reads_;
  std::vector<std::vector<uint32_t>> writes_of_key_;
  std::vector<uint32_t> first_later_;  // with kOfTime: first index in later_, by position
  std::vector<uint32_t> later_;
  bool fits_ = true;
};

}  // namespace replsim::judge
