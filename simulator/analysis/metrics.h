// The names by which expectations speak of a run's report, and what they mean.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protos/report.pb.h"

namespace replsim {

enum class MetricUnit { kCount, kMillis, kPercent, kPerSecond, kBytes, kYesNo };

struct ReportMetric {
  std::string name;
  std::string label;  // as the report's table calls it: "acknowledged, then lost"
  MetricUnit unit = MetricUnit::kCount;
  std::string replica;  // of a metric of one replica
  // Absent where the report does not know it; infinite for a catch-up that never came to an end.
  std::function<std::optional<double>(const proto::RunReport&)> get;
};

// "acked_lost", "apply_lag_p99_ms.r1". InvalidArgument, with the nearest known name, for any other.
absl::StatusOr<ReportMetric> FindMetric(absl::string_view name);

// Every name; those of one replica end in ".<replica>". For documentation and for nearest names.
std::vector<std::string> MetricNames();

std::string MetricText(MetricUnit unit, double value);  // with its unit

}  // namespace replsim
