// How well-known lag metrics would have lied about one replica: names for expectations.
// ReplicaMetrics (metrics.h) lists them with the rest.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "simulator/metrics/metrics.h"

namespace replsim {

std::vector<Metric> ShownLagMetrics();

// The id of the lag metric that an expectation's metric is about: pg_replay_lag of
// pg_replay_lag_wrong_ms.r1. Empty where it is about none.
absl::string_view LagMetricOf(absl::string_view metric);

}  // namespace replsim
