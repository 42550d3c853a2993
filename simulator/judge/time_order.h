// The real-time order: which items ended before others began.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "simulator/history/history.h"

namespace replsim::judge {

// The order of some items, each of which has an instant at which it began and one at which it
// ended.
class TimeOrder {
 public:
  template <typename Begin, typename End>
  TimeOrder(const std::vector<uint32_t>& items, Begin begin, End end) {
    by_begin_.reserve(items.size());
    by_end_.reserve(items.size());
    for (const uint32_t item : items) {
      by_begin_.push_back({begin(item), end(item), item});
      if (end(item) != history::kNever) by_end_.push_back({begin(item), end(item), item});
    }
    const auto began_earlier = [](const Item& a, const Item& b) { return a.begin < b.begin; };
    // Histories usually are in this order.
    if (!std::is_sorted(by_begin_.begin(), by_begin_.end(), began_earlier)) {
      std::sort(by_begin_.begin(), by_begin_.end(), began_earlier);
    }
    std::sort(by_end_.begin(), by_end_.end(),
              [](const Item& a, const Item& b) { return a.end < b.end; });
  }

  // Calls visit(a, b) for items where a ended before b began, until visit returns false. Pairs
  // implied by other pairs are left out, so each item occurs at most as often as items overlap one
  // another.
  template <typename Visit>
  void ForEachPair(Visit visit) const {
    std::vector<Item> ended;  // ended items, without those that precede another ended item
    size_t at = 0;
    for (const Item& item : by_begin_) {
      for (; at < by_end_.size() && by_end_[at].end < item.begin; ++at) {
        const Item& next = by_end_[at];
        ended.erase(std::remove_if(ended.begin(), ended.end(),
                                   [&](const Item& old) { return old.end < next.begin; }),
                    ended.end());
        ended.push_back(next);
      }
      for (const Item& old : ended) {
        if (!visit(old.index, item.index)) return;
      }
    }
  }

 private:
  struct Item {
    int64_t begin;
    int64_t end;
    uint32_t index;
  };

  std::vector<Item> by_begin_;
  std::vector<Item> by_end_;  // without those that never ended
};

}  // namespace replsim::judge
