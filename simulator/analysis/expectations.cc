#include "simulator/analysis/expectations.h"

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "simulator/metrics/comparison.h"
#include "simulator/metrics/metrics.h"

namespace replsim {
namespace {

using Runs = google::protobuf::RepeatedPtrField<proto::RunReport>;
using Expects = google::protobuf::RepeatedPtrField<proto::Expect>;

const proto::RunReport* FindRun(const Runs& runs, const std::string& variant) {
  for (const proto::RunReport& run : runs) {
    if (run.variant() == variant) return &run;
  }
  return nullptr;
}

// Sets held and measured; leaves held absent where it cannot be told.
void Judge(const Metric& metric, const Comparison& test, const proto::RunReport* run,
           const Runs& runs, proto::ExpectationResult& result) {
  if (run == nullptr) {
    result.set_measured(absl::StrCat("variant ", result.variant(), " was not run"));
    return;
  }
  if (!run->missing_faults().empty()) {
    result.set_measured(run->missing_faults(0));
    return;
  }
  const std::optional<double> measured = metric.Get(*run);
  if (!measured) {
    result.set_measured("not known in this run");
    return;
  }
  result.set_measured(MetricText(metric.unit, *measured));
  if (test.variant.empty()) {
    result.set_held(test.Holds(*measured, test.number));
    return;
  }
  const proto::RunReport* other = FindRun(runs, test.variant);
  const std::optional<double> bound = other == nullptr ? std::nullopt : metric.Get(*other);
  if (!bound) {
    absl::StrAppend(result.mutable_measured(), "; not known in ", test.variant);
    return;
  }
  absl::StrAppend(result.mutable_measured(), ", ", test.variant, " ",
                  MetricText(metric.unit, *bound));
  result.set_held(test.Holds(*measured, test.number * *bound));
}

proto::ExpectationResult JudgeOne(const proto::Condition& condition, const std::string& variant,
                                  const proto::RunReport* run, const Runs& runs) {
  proto::ExpectationResult result;
  result.set_variant(variant);
  result.set_metric(condition.metric());
  result.set_test(condition.test());
  const absl::StatusOr<Metric> metric = FindMetric(condition.metric());
  const std::string label =
      !metric.ok()
          ? condition.metric()
          : absl::StrCat(metric->label, metric->replica.empty() ? "" : " ", metric->replica);
  result.set_text(absl::StrCat(variant, variant.empty() ? "" : ": ", label, " ", condition.test()));
  if (!metric.ok()) {
    result.set_measured(std::string(metric.status().message()));
    return result;
  }
  const absl::StatusOr<Comparison> test = ParseComparison(condition.test(), metric->unit);
  if (!test.ok()) {
    result.set_measured(std::string(test.status().message()));
    return result;
  }
  Judge(*metric, *test, run, runs, result);
  return result;
}

}  // namespace

std::vector<proto::ExpectationResult> JudgeExpectations(const Expects& expects, const Runs& runs) {
  std::vector<proto::ExpectationResult> results;
  for (const proto::Expect& expect : expects) {
    std::vector<std::string> variants(expect.variant().begin(), expect.variant().end());
    if (variants.empty()) {
      for (const proto::RunReport& run : runs) variants.push_back(run.variant());
    }
    for (const proto::Condition& condition : expect.condition()) {
      for (const std::string& variant : variants) {
        results.push_back(JudgeOne(condition, variant, FindRun(runs, variant), runs));
      }
    }
  }
  return results;
}

int ExitStatus(const google::protobuf::RepeatedPtrField<proto::ExpectationResult>& results) {
  int status = 0;
  for (const proto::ExpectationResult& result : results) {
    if (result.has_held() && !result.held()) return 1;
    if (!result.has_held()) status = 2;
  }
  return status;
}

}  // namespace replsim
