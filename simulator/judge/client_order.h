// The operations that an order of all operations must hold, each after its client's operation
// before it, with the reads of each write: what sequential consistency asks for. A write that was
// never answered is in the order only if it was read; it is after its client's operations before
// it, and before none of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "simulator/judge/registers.h"

namespace replsim::judge {

class ClientOrder {
 public:
  // `registers` outlives this; every value that it reads was written.
  explicit ClientOrder(const Registers& registers);

  const Registers& registers() const { return registers_; }
  uint32_t size() const { return registers_.size(); }
  // How many operations the order must hold, and whether it must hold this one.
  uint32_t count() const { return count_; }
  bool Holds(uint32_t position) const { return holds_[position]; }

  // The last answered operation of its client before it; kNoNode: there is none.
  uint32_t Before(uint32_t position) const { return before_[position]; }
  // Calls visit for the operations whose Before() this is.
  template <typename Visit>
  void ForEachAfter(uint32_t position, Visit visit) const {
    if (!registers_.IsAnswered(position)) return;
    const absl::Span<const uint32_t> all = registers_.OfProcess(registers_.at(position).process);
    for (size_t i = registers_.PlaceOf(position) + 1; i < all.size(); ++i) {
      if (Holds(all[i])) visit(all[i]);
      if (registers_.IsAnswered(all[i])) return;
    }
  }

  absl::Span<const uint32_t> ReadsOf(uint32_t write) const { return Slice(write); }
  // Of the initial value of a key.
  absl::Span<const uint32_t> ReadsOfInitial(uint32_t key) const { return Slice(size() + key); }
  // Those that the order must hold, by begin.
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
  std::vector<uint32_t> first_read_;  // by write, then by key: in reads_
  std::vector<uint32_t> reads_;
  std::vector<std::vector<uint32_t>> writes_of_key_;
};

}  // namespace replsim::judge
