#include "simulator/analysis/availability/write_stops.h"

#include <algorithm>

namespace replsim {
namespace {

int64_t MedianLength(const std::vector<Gap>& gaps) {
  if (gaps.empty()) return 0;
  std::vector<int64_t> lengths;
  lengths.reserve(gaps.size());
  for (const Gap& gap : gaps) lengths.push_back(gap.length_ns());
  const auto middle = lengths.begin() + static_cast<long>(lengths.size() / 2);
  std::nth_element(lengths.begin(), middle, lengths.end());
  return *middle;
}

bool Overlap(const Gap& a, const Gap& b) { return a.begin_ns < b.end_ns && b.begin_ns < a.end_ns; }

}  // namespace

std::vector<Gap> FindWriteStops(const Recording& recording,
                                const std::vector<LeadershipChange>& changes) {
  std::vector<Gap> stops;
  for (const LeadershipChange& change : changes) {
    if (change.outage) stops.push_back({change.outage->begin_ns, change.outage->end_ns});
  }
  const std::vector<Gap> gaps =
      GapsWithout(recording, [](const Operation& operation) { return operation.is_write != 0; });
  const int64_t least = std::max(kStopMinNs, kStopMedians * MedianLength(gaps));
  const size_t outages = stops.size();
  for (const Gap& gap : gaps) {
    if (gap.length_ns() < least) continue;
    const auto known = stops.begin() + static_cast<long>(outages);
    const bool part_of_outage =
        std::any_of(stops.begin(), known, [&](const Gap& stop) { return Overlap(stop, gap); });
    if (!part_of_outage) stops.push_back(gap);
  }
  std::sort(stops.begin(), stops.end(),
            [](const Gap& a, const Gap& b) { return a.begin_ns < b.begin_ns; });
  return stops;
}

}  // namespace replsim
