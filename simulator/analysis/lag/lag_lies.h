// Where a lag metric's readings were far from the true lag (lag_lab.h says how far).
#pragma once

#include <optional>
#include <vector>

#include "simulator/analysis/lag/lag_lab.h"
#include "simulator/analysis/lag/lag_truth.h"

namespace replsim {

// What is wrong with one reading of a metric; nothing where it is right.
std::optional<LieKind> Judge(const LagMetricName& metric, std::optional<double> shown,
                             const LagBetween& truth);

// Of `shown.points`, each of which `truth` has the true lag for. Where that is not known nothing is
// judged.
void FindLies(const std::vector<std::optional<LagBetween>>& truth, ShownLag& shown);

}  // namespace replsim
