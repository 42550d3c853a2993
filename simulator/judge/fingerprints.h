// The set of configurations that a search has visited, in one memory block of bounded size. Each
// configuration is stored as 128 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace replsim::judge {

// Fingerprint of a set of operations: the exclusive or of two words per operation.
class Fingerprint {
 public:
  void Toggle(size_t op) {
    low_ ^= Mix(op * 2 + 1);
    high_ ^= Mix(~static_cast<uint64_t>(op) * 2);
  }
  // The two words for the set together with a state.
  uint64_t Low(uint32_t state) const { return low_ ^ Mix(0x51ed2701a3c5e9b7ULL + state); }
  uint64_t High(uint32_t state) const { return high_ ^ Mix(0x8a5cd789635d2dffULL - state); }

 private:
  // The finalizer of SplitMix64 (G. L. Steele and others, "Fast splittable pseudorandom number
  // generators", 2014).
  static uint64_t Mix(uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }

  uint64_t low_ = 0;
  uint64_t high_ = 0;
};

class SeenConfigurations {
 public:
  explicit SeenConfigurations(size_t memory_bytes) : memory_bytes_(memory_bytes) {}

  // Returns false if the configuration was already there or the memory is exhausted (full()).
  bool Insert(const Fingerprint& set, uint32_t state) {
    if ((size_ + 1) * 2 > slots_.size() && !Grow()) return false;
    const Slot slot{set.Low(state), set.High(state) | 1};  // never all zeros
    if (!Place(slot)) return false;
    ++size_;
    return true;
  }
  bool full() const { return full_; }

 private:
  struct Slot {
    uint64_t low = 0;
    uint64_t high = 0;  // 0: empty
  };

  bool Place(const Slot& slot) {
    const size_t mask = slots_.size() - 1;
    for (size_t at = slot.low & mask;; at = (at + 1) & mask) {
      if (slots_[at].high == 0) {
        slots_[at] = slot;
        return true;
      }
      if (slots_[at].low == slot.low && slots_[at].high == slot.high) return false;
    }
  }

  // Both blocks exist while growing, so both count towards the limit.
  bool Grow() {
    const size_t size = slots_.empty() ? 64 : slots_.size() * 2;
    if ((size + slots_.size()) * sizeof(Slot) > memory_bytes_) {
      full_ = true;
      return false;
    }
    std::vector<Slot> old(size);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.high != 0) Place(slot);
    }
    return true;
  }

  const size_t memory_bytes_;
  std::vector<Slot> slots_;
  size_t size_ = 0;
  bool full_ = false;
};

}  // namespace replsim::judge
