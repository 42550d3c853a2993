// Any text as a threshold of `compare`, as an expectation's test and as a metric's name: what is
// refused says why, and a threshold that is read is read again from its own text.
#include "common/base/check.h"
#include "simulator/analysis/compare/threshold.h"
#include "simulator/metrics/comparison.h"
#include "simulator/metrics/metrics.h"
#include "tests/fuzz/fuzz.h"

namespace replsim {

void FuzzOne(absl::string_view input) {
  const absl::StatusOr<Threshold> threshold = ParseThreshold(input);
  if (threshold.ok()) {
    const absl::StatusOr<Threshold> again = ParseThreshold(threshold->text);
    REPL_CHECK(again.ok() && again->metric.name == threshold->metric.name);
    REPL_CHECK(again->test.number == threshold->test.number && again->bound == threshold->bound);
  } else {
    REPL_CHECK(!threshold.status().message().empty());
  }
  for (const MetricUnit unit : {MetricUnit::kCount, MetricUnit::kMillis, MetricUnit::kPercent}) {
    const absl::StatusOr<Comparison> test = ParseComparison(input, unit);
    REPL_CHECK(test.ok() || !test.status().message().empty());
  }
  REPL_CHECK(FindMetric(std::string(input)).ok() || !FindMetric(std::string(input)).status().ok());
}

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds = {"write_p99_ms <= +10%", "acked_lost <= +0",
                                    "lag.apply.time.p99 <= 50ms", "> 2 * sync", "== yes"};
  for (const auto* metrics : {&RunMetrics(), &ReplicaMetrics()}) {
    for (const Metric& metric : *metrics) seeds.push_back(metric.name + " <= +5ms");
  }
  return seeds;
}

}  // namespace replsim
