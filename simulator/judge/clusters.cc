#include "simulator/judge/clusters.h"

#include <utility>

namespace replsim::judge {
namespace {

using history::Kind;
using history::kNever;
using history::Operation;

// Sorts by insertion while that is cheap: clusters come in order of their writes' begin, which is
// nearly the order of f.
void SortNearlySorted(std::vector<Cluster>* clusters) {
  constexpr size_t kMovesPerCluster = 16;
  size_t moves = clusters->size() * kMovesPerCluster;
  for (size_t i = 1; i < clusters->size(); ++i) {
    size_t to = i;
    while (to > 0 && (*clusters)[to - 1].f > (*clusters)[i].f) --to;
    if (i - to > moves) {
      std::sort(clusters->begin(), clusters->end(),
                [](const Cluster& a, const Cluster& b) { return a.f < b.f; });
      return;
    }
    moves -= i - to;
    const auto at = [&](size_t index) {
      return clusters->begin() + static_cast<std::ptrdiff_t>(index);
    };
    std::rotate(at(to), at(i), at(i + 1));
  }
}

}  // namespace

void ValueTable::Clear(absl::Span<const uint32_t> operations) {
  (*this)[history_.initial] = kNoNode;
  for (const uint32_t index : operations) (*this)[history_.operations[index].value] = kNoNode;
}

Clusters::Clusters(const history::History& history, absl::Span<const uint32_t> operations,
                   ValueTable* table, Watch* watch, const Refused& refused)
    : history_(history), operations_(operations), table_(*table) {
  Build(watch, refused);
  if (!watch->WasSpent()) Sort();
}

void Clusters::Build(Watch* watch, const Refused& refused) {
  size_t writes = 0;
  for (const uint32_t index : operations_) {
    writes += history_.operations[index].kind == Kind::kWrite;
  }
  clusters_.reserve(writes + 1);
  clusters_.push_back({.value = history_.initial});
  table_[history_.initial] = 0;
  for (const uint32_t index : operations_) {
    const Operation& write = history_.operations[index];
    if (watch->IsSpent()) return;
    if (write.kind != Kind::kWrite) continue;
    table_[write.value] = static_cast<uint32_t>(clusters_.size());
    clusters_.push_back({.write_begin = write.begin,
                         .f = write.end,
                         .write = index,
                         .first_to_end = index,
                         .value = write.value});
  }
  for (const uint32_t index : operations_) {
    const Operation& read = history_.operations[index];
    if (watch->IsSpent()) return;
    if (read.kind != Kind::kRead) continue;
    const uint32_t number = table_[read.value];
    if (number == kNoNode) {
      refused(index, kNoNode);
      continue;
    }
    Cluster& cluster = clusters_[number];
    if (read.end < cluster.write_begin) {
      refused(index, cluster.write);
      continue;
    }
    if (read.end < cluster.f) {
      cluster.f = read.end;
      cluster.first_to_end = index;
    }
    if (read.begin > cluster.last_read) {
      cluster.last_read = read.begin;
      cluster.last_to_begin = index;
    }
  }
}

void Clusters::Sort() {
  const auto end = std::remove_if(clusters_.begin(), clusters_.end(), [&](const Cluster& cluster) {
    if (cluster.f != kNever) return false;
    table_[cluster.value] = kNoNode;
    return true;
  });
  clusters_.erase(end, clusters_.end());
  SortNearlySorted(&clusters_);
  for (size_t i = 0; i < clusters_.size(); ++i) {
    table_[clusters_[i].value] = static_cast<uint32_t>(i);
  }
}

uint32_t Clusters::Of(const Operation& operation) const {
  const uint32_t at = table_[operation.value];
  if (at == kNoNode || operation.kind != Kind::kRead) return at;
  return operation.end < clusters_[at].write_begin ? kNoNode : at;
}

size_t Clusters::FirstFrom(int64_t time, size_t near) const {
  const auto is_before = [&](size_t at) { return clusters_[at].f < time; };
  size_t from = near;
  size_t to = near;
  for (size_t step = 1; from > 0 && !is_before(from - 1); step *= 2) {
    to = from;
    from -= std::min(from, step);
  }
  for (size_t step = 1; to < size() && is_before(to); step *= 2) {
    from = to + 1;
    to += std::min(size() - to, step);
  }
  while (from < to) {
    const size_t middle = from + (to - from) / 2;
    (is_before(middle) ? from : to) = is_before(middle) ? middle + 1 : middle;
  }
  return from;
}

}  // namespace replsim::judge
