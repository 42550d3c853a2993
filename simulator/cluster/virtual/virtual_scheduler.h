// Virtual time: a queue of events, and a clock that jumps from one to the next. Of two events at
// the same instant the one that was scheduled first runs first; there is no other order, so the
// same calls give the same run.
#pragma once

#include <cstdint>
#include <vector>

#include "simulator/cluster/seam/scheduler.h"

namespace replsim {

class VirtualScheduler final : public Scheduler {
 public:
  // Time begins here: 0 means "never" in a stage trace.
  static constexpr Instant kBeginning = FromNanos(1'000'000'000);

  Instant Now() const override { return now_; }
  void At(Instant when, Callback callback) override;

  // Runs the next event; false where there is none.
  bool RunNext();
  uint64_t events_run() const { return events_run_; }
  size_t pending() const { return heap_.size(); }

 private:
  // The callbacks stay where they are while the heap is sorted: moving one costs more than the key.
  struct Entry {
    Instant when;
    uint64_t sequence;
    uint32_t slot;
    bool operator<(const Entry& other) const {
      return when != other.when ? when < other.when : sequence < other.sequence;
    }
  };

  Instant now_ = kBeginning;
  uint64_t next_sequence_ = 0;
  uint64_t events_run_ = 0;
  void SiftUp(size_t at, Entry entry);
  void SiftDown(size_t at, Entry entry);

  // Four children to a node: half the levels of a binary heap, and a level's children lie together
  // in memory, which is what a million pending events cost.
  static constexpr size_t kChildren = 4;
  std::vector<Entry> heap_;  // least first
  std::vector<Callback> slots_;
  std::vector<uint32_t> free_;
};

}  // namespace replsim
