// What a scenario may expect of a report: a metric's name and a test of its value, "> 0",
// "<= 10ms", "> 2 * sync". The names are listed here once; report.proto's fields bear them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

enum class Comparison { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

// `metric comparison number`, or, where a variant is named, `metric comparison number × the same
// metric of that variant`.
struct Test {
  Comparison comparison = Comparison::kEqual;
  double number = 0;    // milliseconds and percent where a unit was given; the factor of a variant
  std::string unit;     // "ms" or "%" where one was given
  std::string variant;  // empty: an absolute test
  bool Holds(double measured, double variants_value) const;
};

// "> 0", "== 12", "<= 10ms", ">= 1.5 s", "< 5 %", "> 2 * sync", "< sync". The error says what was
// read and what was expected.
absl::StatusOr<Test> ParseTest(absl::string_view text);

struct KnownMetric {
  const char* name;
  const char* meaning;
  const char* unit;  // "ms", "%", or "" for a count
  bool per_node;     // named with a node behind a dot: apply_lag_p99_ms.r1
};
const std::vector<KnownMetric>& KnownMetrics();

// Whether `name` is a metric (of one of `replicas`, where it is per node) and `test` fits its unit.
absl::Status CheckMetric(absl::string_view name, const Test& test,
                         const std::vector<std::string>& replicas);

}  // namespace replsim
