#include "simulator/metrics/format.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace replsim {

std::string Thousands(uint64_t value) {
  const std::string digits = absl::StrCat(value);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string ShortNumber(double value) {
  const double size = std::fabs(value);
  if (size >= 9.95) {
    return absl::StrCat(value < 0 ? "-" : "", Thousands(static_cast<uint64_t>(std::llround(size))));
  }
  if (size >= 0.095 || size == 0.0) return absl::StrFormat("%.1f", value);
  if (size >= 0.0005) return absl::StrFormat("%.3f", value);
  // Two digits, without an exponent: 0.00001, 0.00012.
  const int decimals = 1 - static_cast<int>(std::floor(std::log10(size)));
  std::string text = absl::StrFormat("%.*f", std::min(decimals, 20), value);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string MillisText(double ms) { return absl::StrCat(ShortNumber(ms), " ms"); }

std::string PercentText(double percent) {
  // A rate other than 0 must not be shown as 0.
  if (percent != 0 && std::fabs(percent) < 0.05) return absl::StrCat(ShortNumber(percent), " %");
  return absl::StrFormat("%.1f %%", percent);
}

std::string BytesText(double bytes) {
  static const char* const kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  size_t unit = 0;
  while (std::fabs(bytes) >= 1000 && unit + 1 < std::size(kUnits)) {
    bytes /= 1000;
    ++unit;
  }
  return absl::StrCat(unit == 0 ? absl::StrFormat("%.0f", bytes) : ShortNumber(bytes), " ",
                      kUnits[unit]);
}

std::string Counted(uint64_t count, const char* thing) {
  return absl::StrCat(Thousands(count), " ", thing, count == 1 ? "" : "s");
}

}  // namespace replsim
