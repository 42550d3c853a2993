// Metrics of the errors that well-known lag metrics would have shown for one replica.
// ReplicaMetrics (metrics.h) includes them.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "simulator/metrics/metrics.h"

namespace replsim {

std::vector<Metric> ShownLagMetrics();

// The id of the lag metric that a metric is about: pg_replay_lag for pg_replay_lag_wrong_ms.r1.
// Empty if it is about none.
absl::string_view LagMetricOf(absl::string_view metric);

}  // namespace replsim
