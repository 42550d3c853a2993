#include "simulator/analysis/compare/threshold.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "common/base/status.h"
#include "simulator/analysis/compare/compare_runs.h"

namespace replsim {
namespace {

constexpr absl::string_view kOperators = "=!<>";

// `at`: index in `text` at which the error begins.
absl::Status Refused(absl::string_view text, size_t at, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("  ", text, "\n  ", std::string(at, ' '), "^ ", why));
}

size_t Skip(absl::string_view text, size_t at) {
  while (at < text.size() && absl::ascii_isspace(static_cast<unsigned char>(text[at]))) ++at;
  return at;
}

// Sets kind and number of the bound, from "+10%", "+5ms", "50ms", "yes".
absl::Status ReadBound(absl::string_view text, Threshold* threshold) {
  const bool relative = !text.empty() && (text[0] == '+' || text[0] == '-');
  const MetricUnit unit = threshold->metric.unit;
  if (const std::optional<double> answer = ReadYesNo(text, unit)) {
    threshold->test.number = *answer;
    return absl::OkStatus();
  }
  const std::optional<Quantity> quantity = ReadQuantity(text);
  if (!quantity) {
    return absl::InvalidArgumentError(
        "expected a bound: +10%, +0 or +5ms of the base, or a value such as 50ms");
  }
  if (relative && quantity->unit == "%") {
    threshold->bound = Threshold::Bound::kPercent;
    threshold->test.number = quantity->number;
    return absl::OkStatus();
  }
  REPL_ASSIGN_OR_RETURN(threshold->test.number, InUnit(*quantity, unit));
  if (relative) threshold->bound = Threshold::Bound::kDifference;
  return absl::OkStatus();
}

// One variant in the base and in the new run.
struct Sides {
  std::string variant;
  const RunGroup* base = nullptr;  // null: the base lacks the variant
  const RunGroup* next = nullptr;
};

std::vector<Sides> Match(const std::vector<RunGroup>& base, const std::vector<RunGroup>& next) {
  if (base.size() == 1 && next.size() == 1) return {{next[0].name, &base[0], &next[0]}};
  std::vector<Sides> all;
  for (const RunGroup& group : next) all.push_back({group.name, nullptr, &group});
  for (const RunGroup& group : base) {
    const auto same = std::find_if(all.begin(), all.end(), [&group](const Sides& sides) {
      return sides.variant == group.name;
    });
    if (same != all.end()) {
      same->base = &group;
    } else {
      all.push_back({group.name, &group, nullptr});
    }
  }
  return all;
}

const std::string* MissingFault(const RunGroup& group) {
  for (const proto::RunReport* run : group.runs) {
    if (!run->missing_faults().empty()) return &run->missing_faults(0);
  }
  return nullptr;
}

// The bound for the new value; absent if a percentage of the base is meaningless (a base of 0).
std::optional<double> BoundOf(const Threshold& threshold, double base, double next) {
  double bound = threshold.test.number;
  switch (threshold.bound) {
    case Threshold::Bound::kAbsolute:
      break;
    case Threshold::Bound::kDifference:
      bound += base;
      break;
    case Threshold::Bound::kPercent:
      if (base == 0 && next != 0) return std::nullopt;
      bound = base + std::fabs(base) * bound / 100;
      break;
  }
  return std::isnan(bound) ? std::nullopt : std::optional(bound);
}

std::string NoiseText(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::kWithinNoise:
      return "; within noise";
    case DifferenceKind::kBetter:
    case DifferenceKind::kWorse:
    case DifferenceKind::kDifferent:
      return "; beyond noise";
    case DifferenceKind::kTooFewRuns:
    case DifferenceKind::kNotComparable:
      break;
  }
  return "";
}

// "base 21 ms, new 22 ms, +4.8 %; within noise"
std::string MeasuredBoth(const Metric& metric, const Measured& base, const Measured& next) {
  const std::string base_text = MeasuredText(metric.unit, base);
  std::string text = absl::StrCat("base ", base_text.empty() ? "unknown" : base_text, ", new ",
                                  MeasuredText(metric.unit, next));
  const Difference difference = Compare(metric, base, next);
  if (difference.percent) absl::StrAppendFormat(&text, ", %+.1f %%", *difference.percent);
  return text + NoiseText(difference.kind);
}

bool HasLowerBound(const Metric& metric, const RunGroup& group) {
  return metric.at_least && std::any_of(group.runs.begin(), group.runs.end(),
                                        [&](const auto* run) { return metric.at_least(*run); });
}

// Sets `measured`, and `held` unless it cannot be judged.
void Judge(const Threshold& threshold, const Sides& sides, proto::ExpectationResult& result) {
  if (sides.base == nullptr || sides.next == nullptr) {
    result.set_measured(absl::StrCat("variant ", sides.variant, " is in ",
                                     sides.base == nullptr ? "the new run" : "the base", " only"));
    return;
  }
  for (const RunGroup* group : {sides.base, sides.next}) {
    const std::string* missing = MissingFault(*group);
    if (missing == nullptr) continue;
    result.set_measured(*missing);
    return;
  }
  const Measured base = Measure(threshold.metric, *sides.base);
  const Measured next = Measure(threshold.metric, *sides.next);
  const bool needs_base = threshold.bound != Threshold::Bound::kAbsolute;
  if (!next.median || (needs_base && !base.median)) {
    result.set_measured(absl::StrCat("unknown in ", next.median ? "the base" : "the new run"));
    return;
  }
  result.set_measured(MeasuredBoth(threshold.metric, base, next));
  if (HasLowerBound(threshold.metric, *sides.next) ||
      (needs_base && HasLowerBound(threshold.metric, *sides.base))) {
    absl::StrAppend(result.mutable_measured(),
                    "; only a lower bound: unknown writes may have taken longer");
    return;
  }
  const std::optional<double> bound = BoundOf(threshold, base.median.value_or(0), *next.median);
  if (bound) {
    const double of_base = needs_base ? threshold.metric.resolution.Of(*base.median) : 0;
    const double slack = threshold.metric.resolution.Of(*next.median) + of_base;
    result.set_held(threshold.test.Holds(*next.median, *bound, slack));
  } else {
    absl::StrAppend(result.mutable_measured(), "; a percentage of 0 is undefined");
  }
}

}  // namespace

absl::StatusOr<Threshold> ParseThreshold(absl::string_view text) {
  text = absl::StripTrailingAsciiWhitespace(text);
  Threshold threshold;
  threshold.text = std::string(absl::StripAsciiWhitespace(text));
  const size_t begin = Skip(text, 0);
  const size_t op = std::min(text.find_first_of(kOperators), text.size());
  const absl::string_view name = absl::StripAsciiWhitespace(text.substr(0, op));
  if (name.empty()) {
    return Refused(text, begin, "expected a metric, as in \"write_p99_ms <= +10%\"");
  }
  absl::StatusOr<Metric> metric = FindMetric(name);
  if (!metric.ok()) return Refused(text, begin, metric.status().message());
  threshold.metric = *std::move(metric);
  const size_t op_end = std::min(text.find_first_not_of(kOperators, op), text.size());
  const absl::StatusOr<Comparison> test =
      ParseComparison(absl::StrCat(text.substr(op, op_end - op), "0"), MetricUnit::kCount);
  if (!test.ok()) return Refused(text, op, "expected one of == != < <= > >= here");
  threshold.test = *test;
  const size_t bound = Skip(text, op_end);
  const absl::Status read = ReadBound(text.substr(bound), &threshold);
  if (!read.ok()) return Refused(text, bound, read.message());
  return threshold;
}

std::vector<proto::ExpectationResult> JudgeThresholds(const std::vector<Threshold>& thresholds,
                                                      const proto::Report& base,
                                                      const proto::Report& next) {
  const std::vector<RunGroup> base_groups = GroupByVariant(base.runs());
  const std::vector<RunGroup> next_groups = GroupByVariant(next.runs());
  std::vector<proto::ExpectationResult> results;
  for (const Threshold& threshold : thresholds) {
    for (const Sides& sides : Match(base_groups, next_groups)) {
      proto::ExpectationResult& result = results.emplace_back();
      result.set_variant(sides.variant);
      result.set_metric(threshold.metric.name);
      result.set_test(threshold.text);
      result.set_text(absl::StrCat(sides.variant, sides.variant.empty() ? "" : ": ",
                                   absl::StripAsciiWhitespace(threshold.text)));
      Judge(threshold, sides, result);
    }
  }
  return results;
}

}  // namespace replsim
