// What the true lag of a stage was between one reading of a lag metric and the next.
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

// Over (the instant before, the instant]; of the first, over that instant alone.
struct LagBetween {
  LagRange micros;
  LagRange bytes;
  LagRange entries;

  const LagRange& In(ShownUnit unit) const;
};

// For each instant, ascending; absent where the lag was not known all the time. Walks the curve.
using TrueLags = std::vector<std::optional<LagBetween>>;
TrueLags TrueLag(const LagCurve& curve, const std::vector<int64_t>& instants_ns);

}  // namespace replsim
