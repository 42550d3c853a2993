// Metrics of one client group, for scenarios with several groups: `unavailable_ms.GROUP` and
// `read_unavailable_ms.GROUP`.
#pragma once

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "simulator/metrics/metrics.h"

namespace replsim {

// Parses "unavailable_ms.west"; absent for any other name. Whether the group exists depends on the
// scenario and is not checked here.
std::optional<Metric> FindGroupMetric(absl::string_view name);

// One line of `replsim schema` per form.
struct GroupMetricForm {
  const char* path;
  const char* meaning;
};
const std::vector<GroupMetricForm>& GroupMetricForms();

}  // namespace replsim
