#include "simulator/cluster/virtual/virtual_scheduler.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace replsim {

void VirtualScheduler::At(Instant when, Callback callback) {
  uint32_t slot;
  if (free_.empty()) {
    slot = static_cast<uint32_t>(slots_.size());
    slots_.push_back(std::move(callback));
  } else {
    slot = free_.back();
    free_.pop_back();
    slots_[slot] = std::move(callback);
  }
  heap_.push_back({std::max(when, now_), next_sequence_++, slot});
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
}

bool VirtualScheduler::RunNext() {
  if (heap_.empty()) return false;
  std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
  const Entry entry = heap_.back();
  heap_.pop_back();
  now_ = entry.when;
  ++events_run_;
  Callback callback = std::move(slots_[entry.slot]);
  free_.push_back(entry.slot);
  callback();
  return true;
}

}  // namespace replsim
