#include "simulator/analysis/compare/expectations.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "simulator/analysis/compare/repeats.h"
#include "simulator/metrics/comparison.h"
#include "simulator/metrics/metrics.h"

namespace replsim {
namespace {

using Runs = google::protobuf::RepeatedPtrField<proto::RunReport>;
using Expects = google::protobuf::RepeatedPtrField<proto::Expect>;

// The run of `variant` in the same repeat as `run`; null if there is none.
const proto::RunReport* FindBeside(const Runs& runs, const std::string& variant,
                                   const proto::RunReport& run) {
  for (const proto::RunReport& other : runs) {
    if (other.variant() == variant && other.repeat() == run.repeat()) return &other;
  }
  return nullptr;
}

// The result of a condition in one run.
struct Judgement {
  std::optional<bool> held;      // absent: not judged
  std::string why;               // why it was not judged
  std::optional<double> value;   // the metric in this run
  std::optional<double> beside;  // the metric in the variant of the comparison
};

// For a measured value that is only a lower bound: clears `held` if a higher value could change it.
void AllowForMore(const Metric& metric, const Comparison& test, Judgement& judgement) {
  const bool asks_for_more =
      test.kind == Comparison::Kind::kMore || test.kind == Comparison::Kind::kAtLeast;
  const bool asks_for_less =
      test.kind == Comparison::Kind::kLess || test.kind == Comparison::Kind::kAtMost;
  const bool stays = judgement.held == true ? asks_for_more : asks_for_less;
  if (stays && test.variant.empty()) return;
  judgement.held.reset();
  judgement.why = absl::StrCat("at least ", MetricText(metric.unit, *judgement.value),
                               ": unknown writes may have taken longer");
}

Judgement Judge(const Metric& metric, const Comparison& test, const proto::RunReport& run,
                const Runs& runs) {
  Judgement judgement;
  if (!run.missing_faults().empty()) {
    judgement.why = run.missing_faults(0);
    return judgement;
  }
  judgement.value = metric.Get(run);
  if (!judgement.value) {
    judgement.why = "unknown in this run";
    return judgement;
  }
  if (test.variant.empty()) {
    judgement.held =
        test.Holds(*judgement.value, test.number, metric.resolution.Of(*judgement.value));
    if (metric.at_least && metric.at_least(run)) AllowForMore(metric, test, judgement);
    return judgement;
  }
  const proto::RunReport* other = FindBeside(runs, test.variant, run);
  if (other != nullptr) judgement.beside = metric.Get(*other);
  if (judgement.beside) {
    const double slack = metric.resolution.Of(*judgement.value) +
                         test.number * metric.resolution.Of(*judgement.beside);
    judgement.held = test.Holds(*judgement.value, test.number * *judgement.beside, slack);
    const bool bound = metric.at_least && (metric.at_least(run) || metric.at_least(*other));
    if (bound) AllowForMore(metric, test, judgement);
  } else {
    judgement.why =
        absl::StrCat(MetricText(metric.unit, *judgement.value), "; unknown in ", test.variant);
  }
  return judgement;
}

using Judgements = std::vector<Judgement>;

// The text of a measured value; with all its digits if it otherwise reads like the bound that it
// does not equal: "0.4 ms" of `< 0.4ms`.
std::string BesideBound(MetricUnit unit, double value, double bound, std::string text) {
  if (value == bound || !std::isfinite(value) || text != MetricText(unit, bound)) return text;
  if (unit == MetricUnit::kMillis) return absl::StrFormat("%.6g ms", value);
  if (unit == MetricUnit::kPercent) return absl::StrFormat("%.6g %%", value);
  return text;
}

// "31 to 44, sync 60 to 70": the ranges over the judged runs.
std::string ValuesText(const Metric& metric, const Comparison& test, const Judgements& all) {
  const auto range = [&](std::optional<double> Judgement::*of) -> std::string {
    std::optional<double> least;
    std::optional<double> most;
    for (const Judgement& one : all) {
      if (!one.held || !(one.*of)) continue;
      least = least ? std::min(*least, *(one.*of)) : one.*of;
      most = most ? std::max(*most, *(one.*of)) : one.*of;
    }
    return least ? RangeText(metric.unit, *least, *most) : "";
  };
  std::string text = range(&Judgement::value);
  if (all.size() == 1 && all[0].value && test.variant.empty()) {
    text = BesideBound(metric.unit, *all[0].value, test.number, std::move(text));
  }
  const std::string beside = range(&Judgement::beside);
  if (!beside.empty()) absl::StrAppend(&text, ", ", test.variant, " ", beside);
  return text;
}

// ", not in repeat 3 and 7"; lists at most three repeats.
std::string ExceptionsText(const RunGroup& group, const Judgements& all) {
  std::vector<std::string> repeats;
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].held == false) repeats.push_back(absl::StrCat(group.runs[i]->repeat()));
  }
  if (repeats.empty()) return "";
  constexpr size_t kMost = 3;
  if (repeats.size() > kMost) return absl::StrCat(", not in repeat ", repeats[0], " and others");
  const std::string last = repeats.back();
  repeats.pop_back();
  return absl::StrCat(", not in repeat ", absl::StrJoin(repeats, ", "),
                      repeats.empty() ? "" : " and ", last);
}

// Sets `measured`, and `held` unless it cannot be judged.
void Combine(const Metric& metric, const Comparison& test, const RunGroup& group,
             const Judgements& all, proto::ExpectationResult& result) {
  const auto held = [](const Judgement& one) { return one.held == true; };
  const auto unknown = [](const Judgement& one) { return !one.held.has_value(); };
  const auto first_unknown = std::find_if(all.begin(), all.end(), unknown);
  const bool broken =
      std::any_of(all.begin(), all.end(), [](const Judgement& one) { return one.held == false; });
  if (broken || first_unknown == all.end()) result.set_held(!broken);
  const std::string values = ValuesText(metric, test, all);
  if (!group.repeated()) {
    result.set_measured(first_unknown == all.end() ? values : first_unknown->why);
    return;
  }
  std::string text = absl::StrCat(std::count_if(all.begin(), all.end(), held), " of ", all.size(),
                                  ExceptionsText(group, all));
  if (first_unknown != all.end()) {
    absl::StrAppend(&text, ", ", std::count_if(all.begin(), all.end(), unknown),
                    " not judged: ", first_unknown->why);
  }
  if (!values.empty()) absl::StrAppend(&text, "; ", values);
  result.set_measured(text);
}

const RunGroup* FindGroup(const std::vector<RunGroup>& groups, const std::string& variant) {
  const auto found = std::find_if(groups.begin(), groups.end(),
                                  [&](const RunGroup& group) { return group.name == variant; });
  return found == groups.end() ? nullptr : &*found;
}

// The test as the report shows it: "== yes" for the "== 1" of a yes-no metric.
std::string ShownTest(const proto::Condition& condition, const absl::StatusOr<Metric>& metric) {
  const bool yes_or_no = metric.ok() && metric->unit == MetricUnit::kYesNo;
  if (yes_or_no && condition.test() == "== 1") return "== yes";
  if (yes_or_no && condition.test() == "== 0") return "== no";
  return condition.test();
}

proto::ExpectationResult JudgeOne(const proto::Condition& condition, const std::string& variant,
                                  const RunGroup* group, const Runs& runs) {
  proto::ExpectationResult result;
  result.set_variant(variant);
  result.set_metric(condition.metric());
  const absl::StatusOr<Metric> metric = FindMetric(condition.metric());
  result.set_test(ShownTest(condition, metric));
  const std::string label =
      !metric.ok()
          ? condition.metric()
          : absl::StrCat(metric->replica, metric->replica.empty() ? "" : " ", metric->label);
  result.set_text(absl::StrCat(variant, variant.empty() ? "" : ": ", label, " ", result.test()));
  if (!metric.ok()) {
    result.set_measured(std::string(metric.status().message()));
    return result;
  }
  const absl::StatusOr<Comparison> test = ParseComparison(condition.test(), metric->unit);
  if (!test.ok()) {
    result.set_measured(std::string(test.status().message()));
    return result;
  }
  if (group == nullptr) {
    result.set_measured(absl::StrCat("variant ", variant, " was not run"));
    return result;
  }
  Judgements all;
  for (const proto::RunReport* run : group->runs) all.push_back(Judge(*metric, *test, *run, runs));
  Combine(*metric, *test, *group, all, result);
  return result;
}

}  // namespace

std::vector<proto::ExpectationResult> JudgeExpectations(const Expects& expects, const Runs& runs) {
  const std::vector<RunGroup> groups = GroupByVariant(runs);
  std::vector<proto::ExpectationResult> results;
  for (const proto::Expect& expect : expects) {
    std::vector<std::string> variants(expect.variant().begin(), expect.variant().end());
    if (variants.empty()) {
      for (const RunGroup& group : groups) variants.push_back(group.name);
    }
    for (const proto::Condition& condition : expect.condition()) {
      for (const std::string& variant : variants) {
        results.push_back(JudgeOne(condition, variant, FindGroup(groups, variant), runs));
      }
    }
  }
  return results;
}

}  // namespace replsim
