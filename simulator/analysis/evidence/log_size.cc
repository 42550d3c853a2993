#include "simulator/analysis/evidence/log_size.h"

#include <algorithm>
#include <iterator>

namespace replsim {

double LogBytesUpTo(const Leadership& leadership, uint64_t lsn) {
  const std::vector<LineagePoint>& points = leadership.lineage;
  const auto after = std::lower_bound(
      points.begin(), points.end(), lsn,
      [](const LineagePoint& point, uint64_t wanted) { return point.lsn < wanted; });
  const LineagePoint before = after == points.begin() ? LineagePoint{} : *std::prev(after);
  if (after == points.end()) return static_cast<double>(before.bytes);
  const double share =
      static_cast<double>(lsn - before.lsn) / static_cast<double>(after->lsn - before.lsn);
  return static_cast<double>(before.bytes) +
         share * static_cast<double>(after->bytes - before.bytes);
}

}  // namespace replsim
