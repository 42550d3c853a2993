#include "simulator/metrics/resolution.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"

namespace replsim {
namespace {

constexpr const char* kPercentiles[] = {"_p50_", "_p90_", "_p99_", ".p50", ".p90", ".p99"};

bool IsOfHistogram(absl::string_view metric) {
  if (absl::StartsWith(metric, "exposed_") || absl::StartsWith(metric, "unreplicated_"))
    return true;
  if (absl::StartsWith(metric, "wall_clock_")) return false;
  return absl::StrContains(metric, "_lag_") || absl::StrContains(metric, "_ack_delay_") ||
         absl::StartsWith(metric, "lag.");
}

bool IsPercentile(absl::string_view metric) {
  return absl::EndsWith(metric, "_p50") ||
         std::any_of(std::begin(kPercentiles), std::end(kPercentiles),
                     [metric](const char* part) { return absl::StrContains(metric, part); });
}

}  // namespace

Resolution ResolutionOf(absl::string_view metric, MetricUnit unit) {
  if (!IsOfHistogram(metric) || !IsPercentile(metric)) return {};
  const double below =
      unit == MetricUnit::kMillis ? kHistogramExactBelow / 1e6 : kHistogramExactBelow;
  return {kHistogramResolution, below};
}

}  // namespace replsim
