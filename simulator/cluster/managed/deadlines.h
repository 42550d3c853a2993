// When operations in flight end unanswered, soonest first. They come nearly in that order, so each
// finds its place from the end in a step or two.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

#include "common/base/time.h"

namespace replsim {

class Deadlines {
 public:
  void Add(Instant deadline, uint64_t id) {
    auto place = waiting_.end();
    while (place != waiting_.begin() && deadline < std::prev(place)->first) --place;
    waiting_.emplace(place, deadline, id);
  }
  bool empty() const { return waiting_.empty(); }
  const std::pair<Instant, uint64_t>& front() const { return waiting_.front(); }
  void PopFront() { waiting_.pop_front(); }
  void Clear() { waiting_.clear(); }

 private:
  std::deque<std::pair<Instant, uint64_t>> waiting_;
};

}  // namespace replsim
