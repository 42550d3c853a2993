#include "simulator/cluster/virtual/virtual_scheduler.h"

#include <algorithm>
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
  heap_.emplace_back();
  SiftUp(heap_.size() - 1, {std::max(when, now_), next_sequence_++, slot});
}

void VirtualScheduler::SiftUp(size_t at, Entry entry) {
  while (at > 0) {
    const size_t parent = (at - 1) / kChildren;
    if (!(entry < heap_[parent])) break;
    heap_[at] = heap_[parent];
    at = parent;
  }
  heap_[at] = entry;
}

void VirtualScheduler::SiftDown(size_t at, Entry entry) {
  for (;;) {
    const size_t first = at * kChildren + 1;
    if (first >= heap_.size()) break;
    const auto begin = heap_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = first + kChildren < heap_.size() ? begin + kChildren : heap_.end();
    const auto least = std::min_element(begin, end);
    if (!(*least < entry)) break;
    heap_[at] = *least;
    at = static_cast<size_t>(least - heap_.begin());
  }
  heap_[at] = entry;
}

bool VirtualScheduler::RunNext() {
  if (heap_.empty()) return false;
  const Entry entry = heap_.front();
  const Entry last = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) SiftDown(0, last);
  now_ = entry.when;
  ++events_run_;
  Callback callback = std::move(slots_[entry.slot]);
  free_.push_back(entry.slot);
  callback();
  return true;
}

}  // namespace replsim
