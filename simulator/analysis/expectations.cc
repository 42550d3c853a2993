#include "simulator/analysis/expectations.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status.h"
#include "simulator/analysis/quantity.h"

namespace replsim {
namespace {

using Runs = google::protobuf::RepeatedPtrField<proto::RunReport>;
using Expects = google::protobuf::RepeatedPtrField<proto::Expect>;

struct Operator {
  const char* text;
  MetricTest::Compare compare;
};
// The longer of two that begin alike comes first.
constexpr Operator kOperators[] = {
    {"==", MetricTest::Compare::kEqual},  {"!=", MetricTest::Compare::kNotEqual},
    {"<=", MetricTest::Compare::kAtMost}, {">=", MetricTest::Compare::kAtLeast},
    {"<", MetricTest::Compare::kLess},    {">", MetricTest::Compare::kMore}};

bool Holds(MetricTest::Compare compare, double measured, double bound) {
  switch (compare) {
    case MetricTest::Compare::kEqual:
      return measured == bound;
    case MetricTest::Compare::kNotEqual:
      return measured != bound;
    case MetricTest::Compare::kLess:
      return measured < bound;
    case MetricTest::Compare::kAtMost:
      return measured <= bound;
    case MetricTest::Compare::kMore:
      return measured > bound;
    case MetricTest::Compare::kAtLeast:
      return measured >= bound;
  }
  return false;
}

absl::Status CheckNamed(absl::string_view kind, const std::string& name,
                        std::span<const std::string> known) {
  if (known.empty() || std::find(known.begin(), known.end(), name) != known.end()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no ", kind, " is called ", name, "; there are: ", absl::StrJoin(known, ", ")));
}

absl::Status CheckCondition(const proto::Condition& condition,
                            std::span<const std::string> variants,
                            std::span<const std::string> nodes) {
  REPL_ASSIGN_OR_RETURN(const ReportMetric metric, FindMetric(condition.metric()));
  if (!metric.replica.empty()) REPL_RETURN_IF_ERROR(CheckNamed("node", metric.replica, nodes));
  REPL_ASSIGN_OR_RETURN(const MetricTest test, ParseMetricTest(condition.test(), metric.unit));
  if (!test.variant.empty()) REPL_RETURN_IF_ERROR(CheckNamed("variant", test.variant, variants));
  return absl::OkStatus();
}

const proto::RunReport* FindRun(const Runs& runs, const std::string& variant) {
  for (const proto::RunReport& run : runs) {
    if (run.variant() == variant) return &run;
  }
  return nullptr;
}

// Sets held and measured; leaves held absent where it cannot be told.
void Judge(const ReportMetric& metric, const MetricTest& test, const proto::RunReport* run,
           const Runs& runs, proto::ExpectationResult& result) {
  if (run == nullptr) {
    result.set_measured(absl::StrCat("variant ", result.variant(), " was not run"));
    return;
  }
  const std::optional<double> measured = metric.get(*run);
  if (!measured) {
    result.set_measured("not known in this run");
    return;
  }
  result.set_measured(MetricText(metric.unit, *measured));
  if (test.variant.empty()) {
    result.set_held(Holds(test.compare, *measured, test.number));
    return;
  }
  const proto::RunReport* other = FindRun(runs, test.variant);
  const std::optional<double> bound = other == nullptr ? std::nullopt : metric.get(*other);
  if (!bound) {
    absl::StrAppend(result.mutable_measured(), "; not known in ", test.variant);
    return;
  }
  absl::StrAppend(result.mutable_measured(), ", ", test.variant, " ",
                  MetricText(metric.unit, *bound));
  result.set_held(Holds(test.compare, *measured, test.number * *bound));
}

proto::ExpectationResult JudgeOne(const proto::Condition& condition, const std::string& variant,
                                  const proto::RunReport* run, const Runs& runs) {
  proto::ExpectationResult result;
  result.set_variant(variant);
  result.set_metric(condition.metric());
  result.set_test(condition.test());
  const absl::StatusOr<ReportMetric> metric = FindMetric(condition.metric());
  const std::string label =
      !metric.ok()
          ? condition.metric()
          : absl::StrCat(metric->label, metric->replica.empty() ? "" : " ", metric->replica);
  result.set_text(absl::StrCat(variant, variant.empty() ? "" : ": ", label, " ", condition.test()));
  if (!metric.ok()) {
    result.set_measured(std::string(metric.status().message()));
    return result;
  }
  const absl::StatusOr<MetricTest> test = ParseMetricTest(condition.test(), metric->unit);
  if (!test.ok()) {
    result.set_measured(std::string(test.status().message()));
    return result;
  }
  Judge(*metric, *test, run, runs, result);
  return result;
}

}  // namespace

absl::StatusOr<MetricTest> ParseMetricTest(absl::string_view text, MetricUnit unit) {
  const absl::string_view trimmed = absl::StripAsciiWhitespace(text);
  const auto* op =
      std::find_if(std::begin(kOperators), std::end(kOperators),
                   [&](const Operator& o) { return absl::StartsWith(trimmed, o.text); });
  if (op == std::end(kOperators)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the test \"", text, "\" does not begin with one of == != < <= > >=, as \"== 0\" does"));
  }
  MetricTest test;
  test.compare = op->compare;
  absl::string_view operand =
      absl::StripAsciiWhitespace(trimmed.substr(std::string(op->text).size()));
  if (operand.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the test \"", text, "\" compares with nothing"));
  }
  if (const size_t star = operand.find('*'); star != absl::string_view::npos) {
    const std::optional<Quantity> factor = ReadQuantity(operand.substr(0, star));
    const absl::string_view variant = absl::StripAsciiWhitespace(operand.substr(star + 1));
    if (!factor || !factor->unit.empty() || variant.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "in the test \"", text, "\" a multiple is written as a number, *, and a variant"));
    }
    test.number = factor->number;
    test.variant = std::string(variant);
    return test;
  }
  if (const std::optional<Quantity> quantity = ReadQuantity(operand)) {
    REPL_ASSIGN_OR_RETURN(test.number, InUnit(*quantity, unit));
    return test;
  }
  if (const std::optional<double> answer = ReadYesNo(operand, unit)) {
    test.number = *answer;
    return test;
  }
  test.number = 1;
  test.variant = std::string(operand);
  return test;
}

absl::Status CheckExpectationNames(const Expects& expects, std::span<const std::string> variants,
                                   std::span<const std::string> nodes) {
  for (int i = 0; i < expects.size(); ++i) {
    const std::string where = absl::StrCat("expect[", i, "]");
    for (const std::string& variant : expects[i].variant()) {
      const absl::Status status = CheckNamed("variant", variant, variants);
      if (!status.ok()) return Annotate(status, where);
    }
    for (const proto::Condition& condition : expects[i].condition()) {
      const absl::Status status = CheckCondition(condition, variants, nodes);
      if (!status.ok()) return Annotate(status, absl::StrCat(where, ".", condition.metric()));
    }
  }
  return absl::OkStatus();
}

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
