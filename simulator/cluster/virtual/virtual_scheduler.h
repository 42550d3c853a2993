// The Scheduler of virtual time: an event queue, and a clock that jumps from one event to the next.
// Events at the same instant run in the order in which they were scheduled, so the same calls give
// the same run. Single-threaded.
#pragma once

#include <cstdint>
#include <vector>

#include "simulator/cluster/seam/scheduler.h"

namespace replsim {

class VirtualScheduler final : public Scheduler {
 public:
  // Start of virtual time. Not 0, because 0 means "never" in a stage trace.
  static constexpr Instant kBeginning = FromNanos(1'000'000'000);

  Instant Now() const override { return now_; }
  void At(Instant when, Callback callback) override;

  // Runs the next event; returns false if there is none.
  bool RunNext();
  uint64_t events_run() const { return events_run_; }
  size_t pending() const { return heap_.size(); }

 private:
  // Callbacks stay in place while the heap is sorted, because moving a callback costs more than
  // moving its key.
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

  // A heap with four children per node has half the levels of a binary heap, and the children of a
  // node lie together in memory. Cache misses dominate with a million pending events.
  static constexpr size_t kChildren = 4;
  std::vector<Entry> heap_;  // a heap; the earliest event is first
  std::vector<Callback> slots_;
  std::vector<uint32_t> free_;
};

}  // namespace replsim
