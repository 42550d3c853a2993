#include "simulator/report/page/compare_plots.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/escape_html.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

constexpr double kLeft = 64;
constexpr double kWidth = 560;
constexpr double kTop = 14;
constexpr double kHeight = 250;
constexpr size_t kHues = 6;
constexpr const char* kDashes[] = {"", "9 4", "3 3", "12 3 3 3", "2 5", "6 2"};

std::string Frame(const char* label, double height) {
  return absl::StrFormat(
      "<svg class=\"plot\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
      "aria-label=\"%s\">\n<rect class=\"frame\" x=\"%.0f\" y=\"%.0f\" "
      "width=\"%.0f\" height=\"%.0f\"/>\n",
      kLeft + kWidth + 20, height, label, kLeft, kTop, kWidth, kHeight);
}

std::string Tick(double x, double y, bool below, const std::string& text) {
  return below ? absl::StrFormat(
                     "<line class=\"tick\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>"
                     "<text class=\"time\" x=\"%.1f\" y=\"%.1f\" "
                     "text-anchor=\"middle\">%s</text>\n",
                     x, kTop, x, kTop + kHeight, x, kTop + kHeight + 15, text)
               : absl::StrFormat(
                     "<line class=\"tick\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>"
                     "<text class=\"time\" x=\"%.1f\" y=\"%.1f\" "
                     "text-anchor=\"end\">%s</text>\n",
                     kLeft, y, kLeft + kWidth, y, kLeft - 6, y + 4, text);
}

// Logarithmic from `least` to `most`; what is below lies on the edge.
struct LogAxis {
  double least = 1;
  double most = 10;
  double Share(double value) const {
    const double at = std::max(value, least);
    return std::clamp(std::log(at / least) / std::log(most / least), 0.0, 1.0);
  }
};

// Whole powers of ten around the values that are above 0.
LogAxis AxisAround(const std::vector<double>& values, double floor) {
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  for (const double value : values) {
    if (value > 0) least = std::min(least, value);
    most = std::max(most, value);
  }
  if (!(most > 0)) return {floor, floor * 10};
  least = std::max(least, floor);
  LogAxis axis{std::pow(10, std::floor(std::log10(least))),
               std::pow(10, std::ceil(std::log10(most)))};
  if (axis.most <= axis.least) axis.most = axis.least * 10;
  return axis;
}

std::vector<double> Decades(const LogAxis& axis) {
  std::vector<double> decades;
  for (double at = axis.least; at <= axis.most * 1.001; at *= 10) decades.push_back(at);
  return decades;
}

// The replica whose apply lag was the worst at p99; null where none is known.
const proto::RunReport::Lag* WorstLag(const proto::RunReport& run) {
  const proto::RunReport::Lag* worst = nullptr;
  for (const proto::RunReport::Lag& lag : run.lag()) {
    if (lag.stage() != "apply" || lag.time_us_percentiles().empty()) continue;
    if (worst == nullptr || lag.time_us().p99() > worst->time_us().p99()) worst = &lag;
  }
  return worst;
}

const proto::RunReport::Lag* TypicalLag(const RunGroup& group) {
  std::vector<const proto::RunReport::Lag*> lags;
  for (const proto::RunReport* run : group.runs) {
    if (const auto* lag = WorstLag(*run)) lags.push_back(lag);
  }
  if (lags.empty()) return nullptr;
  std::stable_sort(lags.begin(), lags.end(), [](const auto* a, const auto* b) {
    return a->time_us().p99() < b->time_us().p99();
  });
  return lags[(lags.size() - 1) / 2];
}

std::string Legend(size_t index, double y, const std::string& name) {
  return absl::StrFormat(
      "<line class=\"hue%d\" x1=\"%.0f\" y1=\"%.1f\" x2=\"%.0f\" y2=\"%.1f\" "
      "stroke-dasharray=\"%s\"/><text x=\"%.0f\" y=\"%.1f\">%s</text>\n",
      index % kHues + 1, kLeft, y, kLeft + 34, y, kDashes[index % kHues], kLeft + 42, y + 4,
      EscapeHtml(name));
}

const char* CostName(bool healthy) {
  return healthy ? "write latency p99 before the first fault" : "write latency p99";
}

}  // namespace

std::string LagCdfs(const std::vector<RunGroup>& groups) {
  std::vector<double> all;
  std::vector<const proto::RunReport::Lag*> lags;
  for (const RunGroup& group : groups) {
    lags.push_back(TypicalLag(group));
    if (lags.back() == nullptr) continue;
    for (const int64_t us : lags.back()->time_us_percentiles()) {
      all.push_back(static_cast<double>(us) / 1e3);
    }
  }
  if (all.empty()) return "";
  const LogAxis axis = AxisAround(all, 0.1);
  std::string svg = Frame("Distribution of apply lag",
                          kTop + kHeight + 46 + 18 * static_cast<double>(groups.size()));
  for (const double ms : Decades(axis)) {
    absl::StrAppend(&svg, Tick(kLeft + kWidth * axis.Share(ms), 0, true, MillisText(ms)));
  }
  for (const int percent : {0, 25, 50, 75, 100}) {
    absl::StrAppend(
        &svg, Tick(0, kTop + kHeight * (1 - percent / 100.0), false, absl::StrCat(percent, " %")));
  }
  double y = kTop + kHeight + 38;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (lags[i] == nullptr) continue;
    std::string points;
    const int last = lags[i]->time_us_percentiles_size() - 1;
    for (int at = 0; at <= last; ++at) {
      const double ms = static_cast<double>(lags[i]->time_us_percentiles(at)) / 1e3;
      absl::StrAppendFormat(&points, "%.1f,%.1f ", kLeft + kWidth * axis.Share(ms),
                            kTop + kHeight * (1 - static_cast<double>(at) / last));
    }
    absl::StrAppendFormat(&svg,
                          "<polyline class=\"hue%d\" stroke-dasharray=\"%s\" points=\"%s\"/>\n",
                          i % kHues + 1, kDashes[i % kHues], points);
    absl::StrAppend(&svg, Legend(i, y, absl::StrCat(groups[i].name, " · ", lags[i]->replica())));
    y += 18;
  }
  return svg + "</svg>\n";
}

std::string TradeOff(const RunComparison& comparison, const std::string& risk) {
  const auto medians = [&](const std::string& name) {
    for (const ComparedMetric& metric : comparison.metrics) {
      if (metric.headline.metric.name == name) return &metric.values;
    }
    return static_cast<const std::vector<Measured>*>(nullptr);
  };
  // What a write costs while all is well: an outage would be the p99 of every mode alike.
  const std::vector<Measured>* costs = medians("write_p99_healthy_ms");
  const auto known = [](const Measured& measured) { return measured.median.has_value(); };
  const bool healthy = costs != nullptr && std::any_of(costs->begin(), costs->end(), known);
  if (!healthy) costs = medians("write_p99_ms");  // a fault is there from the start
  const std::vector<Measured>* risks = medians(risk);
  if (costs == nullptr || risks == nullptr) return "";
  struct Dot {
    size_t group;
    double cost;
    double risk;
  };
  std::vector<Dot> dots;
  std::vector<double> x;
  std::vector<double> y;
  for (size_t i = 0; i < comparison.names.size(); ++i) {
    if (!(*costs)[i].median || !(*risks)[i].median) continue;
    dots.push_back({i, *(*costs)[i].median, *(*risks)[i].median});
    x.push_back(dots.back().cost);
    y.push_back(dots.back().risk);
  }
  if (dots.size() < 2) return "";
  const LogAxis cost = AxisAround(x, 0.01);
  // A tenth stands for none at all, at the bottom.
  LogAxis taken = AxisAround(y, 1);
  taken.least = 0.1;
  std::string svg = Frame("Write latency against acknowledged writes at risk", kTop + kHeight + 44);
  for (const double ms : Decades(cost)) {
    absl::StrAppend(&svg, Tick(kLeft + kWidth * cost.Share(ms), 0, true, MillisText(ms)));
  }
  for (const double count : Decades(taken)) {
    absl::StrAppend(&svg, Tick(0, kTop + kHeight * (1 - taken.Share(count)), false,
                               count < 0.5 ? "0" : ShortNumber(count)));
  }
  for (size_t i = 0; i < dots.size(); ++i) {
    const Dot& dot = dots[i];
    const double at_x = kLeft + kWidth * cost.Share(dot.cost);
    const double at_y = kTop + kHeight * (1 - taken.Share(dot.risk));
    // Names of dots that lie on each other go above each other.
    const auto same =
        std::count_if(dots.begin(), dots.begin() + static_cast<long>(i), [&](const Dot& other) {
          return std::abs(cost.Share(other.cost) - cost.Share(dot.cost)) < 0.1 &&
                 std::abs(taken.Share(other.risk) - taken.Share(dot.risk)) < 0.05;
        });
    const bool right = at_x > kLeft + kWidth * 0.7;
    absl::StrAppendFormat(&svg,
                          "<g class=\"dot\"><title>%s: %s %s, %s acknowledged "
                          "writes at risk</title>"
                          "<circle class=\"hue%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\"/>"
                          "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text></g>\n",
                          EscapeHtml(comparison.names[dot.group]), CostName(healthy),
                          MillisText(dot.cost), ShortNumber(dot.risk), dot.group % kHues + 1, at_x,
                          at_y, right ? at_x - 10 : at_x + 10,
                          at_y - 8 - 13 * static_cast<double>(same), right ? "end" : "start",
                          EscapeHtml(comparison.names[dot.group]));
  }
  return absl::StrFormat(
      "%s<text class=\"time\" x=\"%.0f\" y=\"%.0f\" text-anchor=\"middle\">"
      "%s</text></svg>\n",
      svg, kLeft + kWidth / 2, kTop + kHeight + 36, CostName(healthy));
}

}  // namespace replsim
