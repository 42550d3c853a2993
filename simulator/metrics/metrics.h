// What a report can be asked for by name: by the expectations of a scenario, and by the tables of a
// report. The names are listed once, in run_metrics.cc, replica_metrics.cc and worst_replica.cc.
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
  std::string label;  // as the report's table calls it: "acknowledged, then lost"
  MetricUnit unit = MetricUnit::kCount;
  std::string meaning;  // for `replsim schema`; empty where the one before it says it
  bool of_replica = false;
  std::function<std::optional<double>(const proto::RunReport&, const std::string& replica)> read;
  std::string replica;  // whose; set by FindMetric where it is of one replica
  Direction better = Direction::kNeither;
  Resolution resolution{};
  // Of a quantile that unknown writes may raise: whether it is only a lower bound in this run.
  std::function<bool(const proto::RunReport&)> at_least{};
  std::string group{};  // whose clients'; set by FindMetric where it is of one group's

  // Absent where the report does not know it; infinite for a catch-up that never came to an end.
  std::optional<double> Get(const proto::RunReport& run) const { return read(run, replica); }
};

const std::vector<Metric>& RunMetrics();
const std::vector<Metric>& ReplicaMetrics();
const std::vector<Metric>& WorstReplicaMetrics();  // worst_replica.h

// "acked_lost", "apply_lag_p99_ms.r1", "lag.apply.time.p99", "unavailable_ms.west". InvalidArgument
// for any other, with the nearest known name.
absl::StatusOr<Metric> FindMetric(absl::string_view name);

// Every name as expectations write it; those of one replica with `replica` behind a dot.
std::vector<std::string> MetricNames(absl::string_view replica);

}  // namespace replsim
