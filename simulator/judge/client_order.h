// The operations that a sequential order must contain, each after its client's previous operation,
// and the reads of each write. A write that was never answered is in the order only if it was read.
// It comes after its client's earlier operations, and no operation of that client has to follow it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "simulator/judge/registers.h"

namespace replsim::judge {

class ClientOrder {
 public:
  // `registers` must outlive this object. Every value that is read must have been written.
  explicit ClientOrder(const Registers& registers);

  const Registers& registers() const { return registers_; }
  uint32_t size() const { return registers_.size(); }
  // The number of operations that the order must contain, and whether it must contain this one.
  uint32_t count() const { return count_; }
  bool Holds(uint32_t position) const { return holds_[position]; }

  // The client's last answered operation before this one; kNoNode if there is none.
  uint32_t Before(uint32_t position) const { return before_[position]; }
  // Calls visit(other) for every operation whose Before() is `position`.
  template <typename Visit>
  void ForEachAfter(uint32_t position, Visit visit) const {
    if (!registers_.IsAnswered(position)) return;
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

  const Registers& registers_;
  uint32_t count_ = 0;
  std::vector<bool> holds_;
  std::vector<uint32_t> before_;
  std::vector<uint32_t> first_read_;  // first index in reads_, by write and then by key
  std::vector<uint32_t> reads_;
  std::vector<std::vector<uint32_t>> writes_of_key_;
};

}  // namespace replsim::judge
