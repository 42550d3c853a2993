#include "simulator/analysis/lag/catch_up.h"

#include <algorithm>
#include <limits>

#include "common/base/time.h"

namespace replsim {
namespace {

struct Found {
  std::optional<int64_t> at_ns;
  bool leads = false;  // the node became leader first, so there is nothing to catch up with
};

// Finds the first instant in [from_ns, until_ns) at which the lag is at or below `level`.
Found FindLevel(const LagCurve& apply, int64_t from_ns, int64_t until_ns, uint64_t level) {
  const auto after =
      std::upper_bound(apply.begin(), apply.end(), from_ns,
                       [](int64_t t, const LagPoint& point) { return t < point.time_ns; });
  for (auto point = after == apply.begin() ? after : std::prev(after); point != apply.end();
       ++point) {
    if (point->time_ns >= until_ns) break;
    if (!point->known) return {std::nullopt, true};
    if (point->entries <= level) return {std::max(point->time_ns, from_ns), false};
  }
  return {};
}

class Faults {
 public:
  Faults(const LagCurve& apply, const std::vector<NodeFault>& all, int64_t load_begin_ns)
      : apply_(apply), all_(all), load_begin_ns_(load_begin_ns), taken_over_(all.size()) {}

  uint64_t LevelOf(size_t index) const {
    const int64_t begin = all_[index].begin_ns;
    int64_t since = load_begin_ns_;
    for (const NodeFault& other : all_) {
      if (other.begin_ns < begin) since = std::max(since, other.begin_ns);
      if (other.end_ns && *other.end_ns < begin) since = std::max(since, *other.end_ns);
    }
    const Histogram before = SummarizeLag(apply_, since, begin).entries;
    const auto level = static_cast<uint64_t>(before.Quantile(0.5).value_or(0));
    return std::min(level, taken_over_[index].value_or(level));
  }

  // The first fault that interrupts catching up after fault `index`, and when it does.
  struct Interruption {
    std::optional<size_t> by;
    int64_t at_ns = kNeverNs;
  };
  Interruption InterruptionOf(size_t index) const {
    const int64_t end = *all_[index].end_ns;
    Interruption first;
    for (size_t i = 0; i < all_.size(); ++i) {
      const NodeFault& other = all_[i];
      const bool in_force =
          !other.slowing && other.begin_ns <= end && other.end_ns.value_or(kNeverNs) > end;
      if (i == index || (!in_force && other.begin_ns <= end)) continue;
      const int64_t at = std::max(other.begin_ns, end);
      if (at < first.at_ns) first = {i, at};
    }
    return first;
  }

  void TakeOver(size_t by, uint64_t level) {
    taken_over_[by] = std::min(level, taken_over_[by].value_or(level));
  }

 private:
  const LagCurve& apply_;
  const std::vector<NodeFault>& all_;
  const int64_t load_begin_ns_;
  std::vector<std::optional<uint64_t>> taken_over_;
};

}  // namespace

CatchUp MeasureCatchUp(const LagCurve& apply, const std::vector<NodeFault>& faults,
                       int64_t load_begin_ns, int64_t run_end_ns) {
  std::vector<size_t> by_end;
  for (size_t i = 0; i < faults.size(); ++i) {
    if (faults[i].end_ns) by_end.push_back(i);
  }
  std::stable_sort(by_end.begin(), by_end.end(),
                   [&](size_t a, size_t b) { return *faults[a].end_ns < *faults[b].end_ns; });
  CatchUp result;
  Faults all(apply, faults, load_begin_ns);
  for (const size_t index : by_end) {
    const int64_t end = *faults[index].end_ns;
    const uint64_t level = all.LevelOf(index);
    const Faults::Interruption interruption = all.InterruptionOf(index);
    const Found found = FindLevel(apply, end, interruption.at_ns, level);
    if (found.leads) continue;
    if (found.at_ns && *found.at_ns <= run_end_ns) {
      result.longest_ns = std::max(result.longest_ns.value_or(0), *found.at_ns - end);
    } else if (interruption.by && interruption.at_ns <= run_end_ns) {
      all.TakeOver(*interruption.by, level);
    } else {
      ++result.never;
    }
  }
  return result;
}

}  // namespace replsim
