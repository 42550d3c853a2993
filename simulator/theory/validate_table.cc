#include "simulator/theory/validate_table.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace replsim {
namespace {

// In percent of the published value; "-" if that is 0 and ours is not.
std::string Residual(const PublishedValue& comparison) {
  const double difference = comparison.ours - comparison.published;
  if (difference != 0 && comparison.published == 0) return "-";
  const double percent = difference == 0 ? 0 : 100 * difference / comparison.published;
  return std::fabs(percent) < 0.05 ? "0.0" : absl::StrFormat("%+.1f", percent);
}

std::string PublishedAndOurs(const PublishedValue& comparison) {
  return absl::StrFormat("%8.2f %7.2f %5s", comparison.published, comparison.ours,
                         Residual(comparison));
}

std::string Row(const CellResult& result) {
  return absl::StrFormat("%d,%d %s %s %s %8.2f -%8.2f %8.2f\n", result.cell.quorum.r,
                         result.cell.quorum.w, PublishedAndOurs(result.read_ms),
                         PublishedAndOurs(result.write_ms), PublishedAndOurs(result.t_ms),
                         result.crossing.p5_ms, result.crossing.p95_ms, result.t_exact_ms);
}

std::string Disagreement(const Quorum& quorum, absl::string_view name,
                         const PublishedValue& comparison, absl::string_view known) {
  if (comparison.Agrees()) return "";
  return absl::StrFormat("%s: R=%d W=%d %s: %.2f is outside %.2f to %.2f%s%s\n",
                         known.empty() ? "DIFFERS" : "known", quorum.r, quorum.w, name,
                         comparison.published, comparison.low, comparison.high,
                         known.empty() ? "" : ": ", known);
}

std::string Name(const PublishedPoint& point) {
  switch (point.measure) {
    case PublishedMeasure::kFreshShare:
      return absl::StrFormat("fresh at %g ms, %%", point.t_ms);
    case PublishedMeasure::kFreshShareAtLeast:
      return absl::StrFormat("fresh at %g ms, %%, over", point.t_ms);
    case PublishedMeasure::kVisibility:
      return "t at 99.9 %, ms";
    case PublishedMeasure::kReadMedian:
      return "read median, ms";
    case PublishedMeasure::kWriteMedian:
      return "write median, ms";
  }
  return "";
}

std::string Setting(const PointResult& result) {
  if (result.fit != kSynthetic) return absl::StrFormat("%s N=%d", result.fit, result.quorum.n);
  return absl::StrFormat("%s W rate %g", kSynthetic, result.write_rate_per_ms);
}

}  // namespace

std::string TableText(absl::string_view fit, const std::vector<CellResult>& results) {
  std::string text = absl::StrFormat(
      "%-9s%16s%23s%23s   by the paper's estimator\n"
      "R,W%9s%8s%6s%9s%8s%6s%9s%8s%6s%19s%9s\n",
      fit, "L_r, ms", "L_w, ms", "t, ms", "paper", "ours", "%", "paper", "ours", "%", "paper",
      "ours", "%", "5 - 95 %", "exact");
  for (const CellResult& result : results) absl::StrAppend(&text, Row(result));
  for (const CellResult& result : results) {
    const Quorum& quorum = result.cell.quorum;
    absl::StrAppend(&text, Disagreement(quorum, "L_r", result.read_ms, ""),
                    Disagreement(quorum, "L_w", result.write_ms, ""),
                    Disagreement(quorum, "t", result.t_ms, result.cell.known_difference));
  }
  return text;
}

std::string PointsText(const std::vector<PointResult>& results) {
  std::string text =
      absl::StrFormat("%-14s  %-22s%9s%9s%6s\n", "Text, R=W=1", "", "paper", "ours", "%");
  for (const PointResult& result : results) {
    absl::StrAppendFormat(&text, "%-14s  %-22s%9g%9.5g%6s   %s%s\n", Setting(result),
                          Name(result.point), result.value.published, result.value.ours,
                          Residual(result.value), result.source,
                          result.value.Agrees() ? "" : "  DIFFERS");
  }
  return text;
}

}  // namespace replsim
