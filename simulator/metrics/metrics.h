// The registry of metrics: the values of a report that have a name, used by expectations and by
// tables. run_metrics.cc, replica_metrics.cc and worst_replica.cc list the names.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protos/report.pb.h"
#include "simulator/metrics/direction.h"
#include "simulator/metrics/metric_values.h"
#include "simulator/metrics/quantity.h"
#include "simulator/metrics/resolution.h"

namespace replsim {

struct Metric {
  std::string name;   // without the replica: "apply_lag_p99_ms"
  std::string label;  // in the report's table: "acknowledged, then lost"
  MetricUnit unit = MetricUnit::kCount;
  std::string meaning;  // for `replsim schema`; empty: as the previous metric
  bool of_replica = false;
  std::function<std::optional<double>(const proto::RunReport&, const std::string& replica)> read;
  std::string replica;  // set by FindMetric for a metric of one replica
  Direction better = Direction::kNeither;
  Resolution resolution{};
  // For quantiles that unknown writes may raise: whether the value is only a lower bound in this
  // run.
  std::function<bool(const proto::RunReport&)> at_least{};
  std::string group{};  // set by FindMetric for a metric of one client group

  // Absent if unknown in the report. Infinite for a catch-up that did not finish.
  std::optional<double> Get(const proto::RunReport& run) const { return read(run, replica); }
};

const std::vector<Metric>& RunMetrics();
const std::vector<Metric>& ReplicaMetrics();
const std::vector<Metric>& WorstReplicaMetrics();  // worst_replica.h

// Finds "acked_lost", "apply_lag_p99_ms.r1", "lag.apply.time.p99", "unavailable_ms.west".
// InvalidArgument for any other name, with the nearest known one.
absl::StatusOr<Metric> FindMetric(absl::string_view name);

// All names as written in expectations; metrics of one replica end in ".REPLICA" with `replica`.
std::vector<std::string> MetricNames(absl::string_view replica);

}  // namespace replsim
