// The highest LSN reached up to each point in time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

namespace replsim {

class Reached {
 public:
  // `time_ns` must not decrease between calls.
  void Add(int64_t time_ns, uint64_t lsn) {
    if (points_.empty() || lsn > points_.back().lsn) points_.push_back({time_ns, lsn});
  }
  uint64_t last() const { return points_.empty() ? 0 : points_.back().lsn; }
  // Returns 0 if no LSN had been reached at `time_ns`.
  uint64_t At(int64_t time_ns) const {
    const auto after =
        std::upper_bound(points_.begin(), points_.end(), time_ns,
                         [](int64_t time, const Point& point) { return time < point.time_ns; });
    return after == points_.begin() ? 0 : std::prev(after)->lsn;
  }

 private:
  struct Point {
    int64_t time_ns;
    uint64_t lsn;
  };
  std::vector<Point> points_;
};

}  // namespace replsim
