// Memory for the items of data, allocated in large chunks and released together.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "simulator/history/datum.h"

namespace replsim::history {

class DatumArena {
 public:
  // Copies the items. The copy is valid until Clear() or the end of the arena.
  absl::Span<Datum> Copy(absl::Span<const Datum> items) {
    if (items.empty()) return {};
    if (chunks_.empty() || chunks_.back().capacity() - chunks_.back().size() < items.size()) {
      chunks_.emplace_back().reserve(std::max(kItemsPerChunk, items.size()));
    }
    std::vector<Datum>& chunk = chunks_.back();
    const size_t first = chunk.size();
    chunk.insert(chunk.end(), items.begin(), items.end());
    return absl::MakeSpan(chunk).subspan(first);
  }

  // Copies a datum whose items are in another arena, with everything below it.
  Datum Keep(const Datum& datum) {
    if (datum.items().empty()) return datum;
    const absl::Span<Datum> items = Copy(datum.items());
    for (Datum& item : items) item = Keep(item);
    return {datum.kind(), datum.line(), items, datum.place()};
  }

  void Clear() {
    if (chunks_.empty()) return;
    chunks_.resize(1);
    chunks_[0].clear();
  }

 private:
  static constexpr size_t kItemsPerChunk = 1024;

  std::vector<std::vector<Datum>> chunks_;
};

}  // namespace replsim::history
