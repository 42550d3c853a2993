#include "simulator/analysis/catch_up.h"

#include <algorithm>

namespace replsim {
namespace {

struct Level {
  std::optional<int64_t> at_ns;
  bool leads = false;  // became the reference itself before: there is nothing to catch up with
};

Level FindLevel(const LagCurve& apply, int64_t from_ns, uint64_t level) {
  const auto after =
      std::upper_bound(apply.begin(), apply.end(), from_ns,
                       [](int64_t t, const LagPoint& point) { return t < point.time_ns; });
  for (auto point = after == apply.begin() ? after : std::prev(after); point != apply.end();
       ++point) {
    if (point->known && point->entries <= level) return {std::max(point->time_ns, from_ns), false};
    if (!point->known && point->time_ns > from_ns) return {std::nullopt, true};
  }
  return {};
}

}  // namespace

CatchUp MeasureCatchUp(const LagCurve& apply, const std::vector<NodeFault>& faults,
                       int64_t load_begin_ns, int64_t run_end_ns) {
  CatchUp result;
  int64_t calm_since = load_begin_ns;
  for (const NodeFault& fault : faults) {
    const Histogram before = SummarizeLag(apply, calm_since, fault.begin_ns).entries;
    calm_since = fault.end_ns;
    if (!LagOf(apply, fault.end_ns) && fault.end_ns < run_end_ns) continue;
    const auto level = static_cast<uint64_t>(before.Quantile(0.5).value_or(0));
    const Level found = FindLevel(apply, fault.end_ns, level);
    if (found.leads) continue;
    if (!found.at_ns || *found.at_ns > run_end_ns) {
      ++result.never;
    } else {
      result.longest_ns = std::max(result.longest_ns.value_or(0), *found.at_ns - fault.end_ns);
    }
  }
  return result;
}

}  // namespace replsim
