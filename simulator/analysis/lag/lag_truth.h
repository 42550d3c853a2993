// The range of a stage's true lag between consecutive readings of a lag metric.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/analysis/lag/lag.h"
#include "simulator/metrics/lag_metric_names.h"

namespace replsim {

struct LagRange {
  double least = 0;
  double most = 0;
};

// The range over (previous instant, this instant]; for the first instant, at that instant alone.
struct LagBetween {
  LagRange micros;
  LagRange bytes;
  LagRange entries;

  const LagRange& In(ShownUnit unit) const;
};

// One range per instant. `instants_ns` ascend. Absent if the lag was unknown during a part of the
// interval. Walks the curve once.
using TrueLags = std::vector<std::optional<LagBetween>>;
TrueLags TrueLag(const LagCurve& curve, const std::vector<int64_t>& instants_ns);

}  // namespace replsim
