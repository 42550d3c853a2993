// A value that changes at instants and is constant in between, such as a stage of a stage trace.
// Points are added in time order. A point replaces an earlier one of the same time. Before the
// first point the value is absent, not 0.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/check.h"

namespace replsim {

template <typename Value>
class StepFunction {
 public:
  struct Point {
    int64_t time = 0;  // ns
    Value value{};
  };

  void Add(int64_t time, Value value) {
    REPL_CHECK(points_.empty() || points_.back().time <= time, "time goes back to ", time);
    if (!points_.empty() && points_.back().time == time) points_.pop_back();
    points_.push_back({time, std::move(value)});
  }

  // The value at `time`; null before the first point.
  const Value* At(int64_t time) const {
    const auto after = std::upper_bound(points_.begin(), points_.end(), time,
                                        [](int64_t t, const Point& p) { return t < p.time; });
    return after == points_.begin() ? nullptr : &std::prev(after)->value;
  }

  const std::vector<Point>& points() const { return points_; }
  bool empty() const { return points_.empty(); }

 private:
  std::vector<Point> points_;
};

// Reads a step function at ascending instants without searching each time.
template <typename Value>
class StepCursor {
 public:
  explicit StepCursor(const StepFunction<Value>& function) : points_(function.points()) {}

  // Moves to `time`, which must not go back. Null before the first point.
  const Value* Seek(int64_t time) {
    while (next_ < points_.size() && points_[next_].time <= time) ++next_;
    return next_ == 0 ? nullptr : &points_[next_ - 1].value;
  }
  // The time of the next change; absent if there is none.
  std::optional<int64_t> NextChange() const {
    if (next_ == points_.size()) return std::nullopt;
    return points_[next_].time;
  }

 private:
  const std::vector<typename StepFunction<Value>::Point>& points_;
  size_t next_ = 0;
};

}  // namespace replsim
