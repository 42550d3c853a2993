// The real-time order: which items ended before others began.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "simulator/history/history.h"

namespace replsim::judge {

// Calls visit(a, b) for items where a ended before b began, until visit returns false. Pairs
// implied by other pairs are left out, so each item occurs at most as often as items overlap one
// another.
template <typename Begin, typename End, typename Visit>
void ForEachInTime(const std::vector<uint32_t>& items, Begin begin, End end, Visit visit) {
  std::vector<uint32_t> by_begin = items;
  std::vector<uint32_t> by_end;
  for (const uint32_t item : items) {
    if (end(item) != history::kNever) by_end.push_back(item);
  }
  std::sort(by_begin.begin(), by_begin.end(),
            [&](uint32_t a, uint32_t b) { return begin(a) < begin(b); });
  std::sort(by_end.begin(), by_end.end(), [&](uint32_t a, uint32_t b) { return end(a) < end(b); });
  std::vector<uint32_t> ended;  // ended items, without those that precede another ended item
  size_t at = 0;
  for (const uint32_t item : by_begin) {
    for (; at < by_end.size() && end(by_end[at]) < begin(item); ++at) {
      const uint32_t next = by_end[at];
      ended.erase(std::remove_if(ended.begin(), ended.end(),
                                 [&](uint32_t old) { return end(old) < begin(next); }),
                  ended.end());
      ended.push_back(next);
    }
    for (const uint32_t old : ended) {
      if (!visit(old, item)) return;
    }
  }
}

}  // namespace replsim::judge
