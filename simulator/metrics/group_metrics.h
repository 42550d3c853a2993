// Metrics of the clients of one of the scenario's groups, where clients sit in several:
// `unavailable_ms.GROUP` and `read_unavailable_ms.GROUP`.
#pragma once

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "simulator/metrics/metrics.h"

namespace replsim {

// "unavailable_ms.west"; nothing for any other name. Which groups there are is the scenario's
// affair.
std::optional<Metric> FindGroupMetric(absl::string_view name);

// A line each for `replsim schema`.
struct GroupMetricForm {
  const char* path;
  const char* meaning;
};
const std::vector<GroupMetricForm>& GroupMetricForms();

}  // namespace replsim
