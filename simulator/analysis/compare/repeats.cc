#include "simulator/analysis/compare/repeats.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

// The median of an even number of counts may be a fraction.
std::string ValueText(MetricUnit unit, double value) {
  const bool between =
      unit == MetricUnit::kCount && std::isfinite(value) && value != std::floor(value);
  return between ? ShortNumber(value) : MetricText(unit, value);
}

// The unit after the number: " ms", "/s" or nothing.
absl::string_view UnitIn(absl::string_view text) {
  const size_t end = text.find_last_of("0123456789");
  return end == absl::string_view::npos ? "" : text.substr(end + 1);
}

std::string WithoutUnit(absl::string_view text, absl::string_view unit) {
  return std::string(absl::StripSuffix(text, unit));
}

// " [22 … 27]"; with units if these differ from that of `value`, which precedes it. Empty if both
// ends read as `value`.
std::string IntervalText(MetricUnit unit, const Interval& interval, const std::string& value) {
  const std::string low = ValueText(unit, interval.low);
  const std::string high = ValueText(unit, interval.high);
  if (low == value && high == value) return "";
  const absl::string_view of = UnitIn(value);
  const bool alike = UnitIn(low) == of && UnitIn(high) == of;
  return alike ? absl::StrCat(" [", WithoutUnit(low, of), " … ", WithoutUnit(high, of), "]")
               : absl::StrCat(" [", low, " … ", high, "]");
}

}  // namespace

std::vector<RunGroup> GroupByVariant(
    const google::protobuf::RepeatedPtrField<proto::RunReport>& runs) {
  std::vector<RunGroup> groups;
  for (const proto::RunReport& run : runs) {
    const auto known = std::find_if(groups.begin(), groups.end(), [&run](const RunGroup& group) {
      return group.name == run.variant();
    });
    RunGroup& group = known != groups.end() ? *known : groups.emplace_back();
    group.name = run.variant();
    group.runs.push_back(&run);
  }
  return groups;
}

Measured Measure(const Metric& metric, const RunGroup& group) {
  Measured measured;
  measured.runs = group.runs.size();
  for (const proto::RunReport* run : group.runs) {
    if (const std::optional<double> value = metric.Get(*run)) measured.values.push_back(*value);
  }
  if (measured.values.empty()) return measured;
  measured.median = Median(measured.values);
  measured.interval = MedianInterval(measured.values);
  const auto [least, most] = std::minmax_element(measured.values.begin(), measured.values.end());
  measured.least = *least;
  measured.most = *most;
  return measured;
}

std::string MeasuredText(MetricUnit unit, const Measured& measured) {
  if (!measured.median) return "";
  if (unit == MetricUnit::kYesNo && measured.least != measured.most) {
    const auto yes = std::count(measured.values.begin(), measured.values.end(), 1.0);
    return absl::StrCat(yes, " of ", measured.values.size());
  }
  std::string text = ValueText(unit, *measured.median);
  if (measured.interval) text += IntervalText(unit, *measured.interval, text);
  const bool hidden = *measured.median == 0 && measured.most > 0 &&
                      (!measured.interval || measured.interval->high < measured.most);
  if (hidden) absl::StrAppend(&text, ", most ", ValueText(unit, measured.most));
  return text;
}

std::string RangeText(MetricUnit unit, double least, double most) {
  const std::string from = ValueText(unit, least);
  const std::string to = ValueText(unit, most);
  return from == to ? from : absl::StrCat(WithoutUnit(from, UnitIn(to)), " to ", to);
}

}  // namespace replsim
