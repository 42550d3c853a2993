#include "simulator/explore/drawn_expectations.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/compare/expectations.h"
#include "simulator/metrics/comparison.h"
#include "simulator/metrics/metrics.h"

namespace replsim {
namespace {

// Metrics about the data alone. 0 is best, or yes for a yes-no metric.
constexpr const char* kDataMetrics[] = {
    "acked_lost",
    "acked_lost_bytes",
    "protected_lost",
    "answered_never_done",
    "told_lost_survived",
    "applied_twice",
    "torn_transactions",
    "holes",
    "rejected_survived",
    "rpo_writes",
    "converged",
    "digests_equal",
    "final_states_equal",
    "linearizable",
    "not_linearizable_keys",
    "sequential",
    "consistent_prefix",
    "monotonic_writes",
    "writes_follow_reads",
    "monotonic_reads",
    "read_your_writes",
    "stale_reads",
    "stale_read_rate",
    "stale_replica_reads",
    "stale_replica_read_rate",
    "phantom_reads",
    "reads_missing_lost_writes",
    "deposed_stale_reads",
    "dual_acks",
};

bool IsJudged(const proto::Condition& condition) {
  const auto* const end = std::end(kDataMetrics);
  if (std::find(std::begin(kDataMetrics), end, condition.metric()) == end) return false;
  const absl::StatusOr<Metric> metric = FindMetric(condition.metric());
  if (!metric.ok()) return false;
  const absl::StatusOr<Comparison> test = ParseComparison(condition.test(), metric->unit);
  if (!test.ok() || !test->variant.empty()) return false;
  return test->Holds(metric->unit == MetricUnit::kYesNo ? 1 : 0, test->number);
}

bool Names(const proto::Expect& expect, const std::string& variant) {
  return expect.variant().empty() || std::find(expect.variant().begin(), expect.variant().end(),
                                               variant) != expect.variant().end();
}

bool Has(const std::vector<proto::Condition>& conditions, const proto::Condition& wanted) {
  return std::any_of(conditions.begin(), conditions.end(), [&](const proto::Condition& condition) {
    return condition.metric() == wanted.metric() && condition.test() == wanted.test();
  });
}

}  // namespace

std::vector<proto::Condition> DrawnExpectations(const Variant& variant) {
  std::vector<proto::Condition> judged;
  for (const proto::Expect& expect : variant.scenario.expect()) {
    if (!Names(expect, variant.name)) continue;
    for (const proto::Condition& condition : expect.condition()) {
      if (IsJudged(condition) && !Has(judged, condition)) judged.push_back(condition);
    }
  }
  return judged;
}

std::vector<Verdict> JudgeDrawnExpectations(const std::vector<proto::Condition>& conditions,
                                            const TrialEnd& end) {
  std::vector<Verdict> verdicts;
  if (end.how != TrialEnd::How::kReported) return verdicts;
  google::protobuf::RepeatedPtrField<proto::RunReport> runs;
  *runs.Add() = end.report;
  runs.begin()->clear_missing_faults();
  for (const proto::Condition& condition : conditions) {
    google::protobuf::RepeatedPtrField<proto::Expect> expects;
    *expects.Add()->add_condition() = condition;
    for (const proto::ExpectationResult& result : JudgeExpectations(expects, runs)) {
      if (!result.has_held() || result.held()) continue;
      verdicts.push_back({absl::StrCat(kNotHeld, condition.metric(), " ", condition.test()), false,
                          absl::StrCat(result.text(), ", measured ", result.measured())});
    }
  }
  return verdicts;
}

}  // namespace replsim
