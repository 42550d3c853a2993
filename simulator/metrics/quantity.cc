#include "simulator/metrics/quantity.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

constexpr double kMostCount = 9e18;  // fits into 64 bits

struct KnownUnit {
  const char* name;
  MetricUnit measures;
  double factor;  // multiplies into the metric's own unit
};
constexpr KnownUnit kUnits[] = {
    {"ns", MetricUnit::kMillis, 1e-6},
    {"us", MetricUnit::kMillis, 1e-3},
    {"ms", MetricUnit::kMillis, 1},
    {"s", MetricUnit::kMillis, 1e3},
    {"min", MetricUnit::kMillis, 6e4},
    {"%", MetricUnit::kPercent, 1},
    {"/s", MetricUnit::kPerSecond, 1},
    {"B", MetricUnit::kBytes, 1},
    {"kB", MetricUnit::kBytes, 1e3},
    {"MB", MetricUnit::kBytes, 1e6},
    {"GB", MetricUnit::kBytes, 1e9},
    {"KiB", MetricUnit::kBytes, 1024},
    {"MiB", MetricUnit::kBytes, 1024.0 * 1024},
    {"GiB", MetricUnit::kBytes, 1024.0 * 1024 * 1024},
};

const char* Measures(MetricUnit unit) {
  switch (unit) {
    case MetricUnit::kCount:
      return "a count and takes a plain number";
    case MetricUnit::kRatio:
      return "a ratio and takes a plain number";
    case MetricUnit::kMillis:
      return "a time and takes ns, us, ms (also without a unit), s or min";
    case MetricUnit::kPercent:
      return "a rate and takes % or a plain number of percent";
    case MetricUnit::kPerSecond:
      return "a rate and takes /s or a plain number";
    case MetricUnit::kBytes:
      return "a size and takes B, kB, MB, GB, KiB, MiB or GiB";
    case MetricUnit::kYesNo:
      return "yes or no";
  }
  return "";
}

}  // namespace

std::optional<Quantity> ReadQuantity(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  const size_t end = text.find_first_not_of("0123456789.,+-");
  const std::string digits = absl::StrReplaceAll(text.substr(0, end), {{",", ""}});
  Quantity quantity;
  if (!absl::SimpleAtod(digits, &quantity.number)) return std::nullopt;
  if (!(std::fabs(quantity.number) <= kMostNumber)) return std::nullopt;
  if (end == absl::string_view::npos) return quantity;
  quantity.unit = std::string(absl::StripAsciiWhitespace(text.substr(end)));
  for (const KnownUnit& unit : kUnits) {
    if (quantity.unit == unit.name) return quantity;
  }
  return std::nullopt;
}

absl::StatusOr<double> InUnit(const Quantity& quantity, MetricUnit unit) {
  if (quantity.unit.empty()) return quantity.number;
  for (const KnownUnit& known : kUnits) {
    if (quantity.unit == known.name && known.measures == unit)
      return quantity.number * known.factor;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("it is ", Measures(unit), ", not ", quantity.unit));
}

std::optional<double> ReadYesNo(absl::string_view text, MetricUnit unit) {
  if (unit != MetricUnit::kYesNo) return std::nullopt;
  if (text == "yes" || text == "true") return 1;
  if (text == "no" || text == "false") return 0;
  return std::nullopt;
}

std::string MetricText(MetricUnit unit, double value) {
  if (std::isinf(value)) return "never";
  switch (unit) {
    case MetricUnit::kCount:
      return Thousands(static_cast<uint64_t>(std::llround(std::clamp(value, 0.0, kMostCount))));
    case MetricUnit::kRatio:
      return ShortNumber(value);
    case MetricUnit::kMillis:
      return MillisText(value);
    case MetricUnit::kPercent:
      return PercentText(value);
    case MetricUnit::kPerSecond:
      return absl::StrCat(ShortNumber(value), "/s");
    case MetricUnit::kBytes:
      return BytesText(value);
    case MetricUnit::kYesNo:
      return value != 0 ? "yes" : "no";
  }
  return absl::StrCat(value);
}

}  // namespace replsim
