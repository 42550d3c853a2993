// Finds the errors of a lag metric: readings far from the true lag. lag_lab.h has the limits.
#pragma once

#include <optional>
#include <vector>

#include "simulator/analysis/lag/lag_lab.h"
#include "simulator/analysis/lag/lag_truth.h"

namespace replsim {

// The kind of error of one reading; absent if the reading is acceptable.
std::optional<MetricErrorKind> Judge(const LagMetricName& metric, std::optional<double> shown,
                                     const LagBetween& truth);

// Fills shown.errors and shown.max_true from shown.points. `truth` has the true lag of each point;
// a point with unknown true lag is not judged.
void FindMetricErrors(const std::vector<std::optional<LagBetween>>& truth, ShownLag& shown);

}  // namespace replsim
