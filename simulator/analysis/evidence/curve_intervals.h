// Iterates over a curve in which each point holds until the next one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace replsim {

// Calls visit(point, from_ns, to_ns) for each point, with its interval clipped to [begin_ns,
// end_ns); empty intervals are skipped.
template <typename Point, typename Visit>
void ForEachInterval(const std::vector<Point>& curve, int64_t begin_ns, int64_t end_ns,
                     const Visit& visit) {
  for (size_t i = 0; i < curve.size(); ++i) {
    const int64_t from = std::max(curve[i].time_ns, begin_ns);
    const int64_t to = std::min(i + 1 < curve.size() ? curve[i + 1].time_ns : end_ns, end_ns);
    if (from < to) visit(curve[i], from, to);
  }
}

}  // namespace replsim
