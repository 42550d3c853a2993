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

constexpr double kTop = 14;
constexpr double kHeight = 250;
constexpr double kRight = 20;
constexpr size_t kHues = 6;
constexpr const char* kDashes[] = {"", "9 4", "3 3", "12 3 3 3", "2 5", "6 2"};

// Each picture is drawn twice, for wide and for narrow screens, so that text has the same size on
// both. The style sheet shows one of them.
struct Canvas {
  const char* name;
  double left;   // left edge of the frame
  double width;  // width of the frame
  double X(double share) const { return left + width * share; }
};
constexpr Canvas kCanvases[] = {{"wide", 64, 1100}, {"narrow", 52, 290}};

double Y(double share) { return kTop + kHeight * (1 - share); }

std::string Frame(const Canvas& canvas, const char* label, double height) {
  return absl::StrFormat(
      "<svg class=\"plot %s\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
      "aria-label=\"%s\">\n<rect class=\"frame\" x=\"%.0f\" y=\"%.0f\" "
      "width=\"%.0f\" height=\"%.0f\"/>\n",
      canvas.name, canvas.left + canvas.width + kRight, height, label, canvas.left, kTop,
      canvas.width, kHeight);
}

// The last label is right-aligned, so that it is not clipped at the frame.
std::string TickX(const Canvas& canvas, double share, const std::string& text) {
  const double x = canvas.X(share);
  return absl::StrFormat(
      "<line class=\"tick\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>"
      "<text class=\"time\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
      x, kTop, x, kTop + kHeight, share > 0.99 ? x + kRight - 2 : x, kTop + kHeight + 15,
      share > 0.99 ? "end" : "middle", text);
}

std::string TickY(const Canvas& canvas, double share, const std::string& text) {
  return absl::StrFormat(
      "<line class=\"tick\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>"
      "<text class=\"time\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
      canvas.left, Y(share), canvas.left + canvas.width, Y(share), canvas.left - 6, Y(share) + 4,
      text);
}

// "100 ms", "10 s"
std::string AxisTime(double ms) {
  return ms < 1000 ? MillisText(ms) : absl::StrCat(ShortNumber(ms / 1000), " s");
}

// A logarithmic axis from `least` to `most`; values outside are clamped to its ends.
struct LogAxis {
  double least = 1;
  double most = 10;
  double Share(double value) const {
    const double at = std::max(value, least);
    return std::clamp(std::log(at / least) / std::log(most / least), 0.0, 1.0);
  }
};

// The smallest range of whole powers of ten that covers the values above 0.
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

// The replica with the largest p99 of apply lag; null if no lag is known.
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

std::string Legend(const Canvas& canvas, size_t index, double y, const std::string& name) {
  return absl::StrFormat(
      "<line class=\"hue%d\" x1=\"%.0f\" y1=\"%.1f\" x2=\"%.0f\" y2=\"%.1f\" "
      "stroke-dasharray=\"%s\"/><text x=\"%.0f\" y=\"%.1f\">%s</text>\n",
      index % kHues + 1, canvas.left, y, canvas.left + 36, y, kDashes[index % kHues],
      canvas.left + 44, y + 4, EscapeHtml(name));
}

const char* CostName(bool healthy) {
  return healthy ? "write latency p99 before the first fault" : "write latency p99";
}

using Lags = std::vector<const proto::RunReport::Lag*>;

std::string LagCdf(const Canvas& canvas, const std::vector<RunGroup>& groups, const Lags& lags,
                   const LogAxis& axis) {
  std::string svg = Frame(canvas, "Distribution of apply lag",
                          kTop + kHeight + 46 + 18 * static_cast<double>(groups.size()));
  for (const double ms : Decades(axis)) {
    absl::StrAppend(&svg, TickX(canvas, axis.Share(ms), AxisTime(ms)));
  }
  for (const int percent : {0, 25, 50, 75, 100}) {
    absl::StrAppend(&svg, TickY(canvas, percent / 100.0, absl::StrCat(percent, " %")));
  }
  double y = kTop + kHeight + 38;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (lags[i] == nullptr) continue;
    std::string points;
    const int last = lags[i]->time_us_percentiles_size() - 1;
    for (int at = 0; at <= last; ++at) {
      const double ms = static_cast<double>(lags[i]->time_us_percentiles(at)) / 1e3;
      absl::StrAppendFormat(&points, "%.1f,%.1f ", canvas.X(axis.Share(ms)),
                            Y(static_cast<double>(at) / last));
    }
    absl::StrAppendFormat(&svg,
                          "<polyline class=\"hue%d\" stroke-dasharray=\"%s\" points=\"%s\"/>\n",
                          i % kHues + 1, kDashes[i % kHues], points);
    absl::StrAppend(&svg,
                    Legend(canvas, i, y, absl::StrCat(groups[i].name, " · ", lags[i]->replica())));
    y += 18;
  }
  return svg + "</svg>\n";
}

using Dots = std::vector<TradeOffDot>;

// The number of earlier dots whose names would overlap the name of this one.
long NamesNear(const Dots& dots, size_t index, const LogAxis& cost, const LogAxis& risk,
               double near) {
  const TradeOffDot& dot = dots[index];
  return std::count_if(
      dots.begin(), dots.begin() + static_cast<long>(index), [&](const TradeOffDot& other) {
        return std::abs(cost.Share(other.cost_ms) - cost.Share(dot.cost_ms)) < near &&
               std::abs(risk.Share(other.writes) - risk.Share(dot.writes)) < 0.05;
      });
}

std::string Scatter(const Canvas& canvas, const Dots& dots, const LogAxis& cost,
                    const LogAxis& risk, const std::string& cost_name, const std::string& label) {
  std::string svg = Frame(canvas, EscapeHtml(label).c_str(), kTop + kHeight + 44);
  for (const double ms : Decades(cost)) {
    absl::StrAppend(&svg, TickX(canvas, cost.Share(ms), AxisTime(ms)));
  }
  for (const double count : Decades(risk)) {
    const auto writes = static_cast<uint64_t>(std::llround(count));  // 0.1 stands for 0
    absl::StrAppend(&svg, TickY(canvas, risk.Share(count), Thousands(writes)));
  }
  for (size_t i = 0; i < dots.size(); ++i) {
    const TradeOffDot& dot = dots[i];
    const double x = canvas.X(cost.Share(dot.cost_ms));
    const double y = Y(risk.Share(dot.writes));
    const bool right = cost.Share(dot.cost_ms) > 0.6;
    const double names = static_cast<double>(NamesNear(dots, i, cost, risk, 110 / canvas.width));
    // The name is above the dot, or below it near the upper edge.
    const double name_y = y < kTop + 40 ? y + 14 + 13 * names : y - 8 - 13 * names;
    absl::StrAppendFormat(&svg,
                          "<g class=\"dot\"><title>%s: %s %s, %s acknowledged "
                          "writes</title>"
                          "<circle class=\"hue%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\"/>"
                          "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text></g>\n",
                          EscapeHtml(dot.name), EscapeHtml(cost_name), MillisText(dot.cost_ms),
                          ShortNumber(dot.writes), i % kHues + 1, x, y, right ? x - 10 : x + 10,
                          name_y, right ? "end" : "start", EscapeHtml(dot.name));
  }
  return absl::StrFormat(
      "%s<text class=\"time\" x=\"%.0f\" y=\"%.0f\" text-anchor=\"middle\">"
      "%s</text></svg>\n",
      svg, canvas.X(0.5), kTop + kHeight + 36, EscapeHtml(cost_name));
}

}  // namespace

std::string LagCdfs(const std::vector<RunGroup>& groups) {
  std::vector<double> all;
  Lags lags;
  for (const RunGroup& group : groups) {
    lags.push_back(TypicalLag(group));
    if (lags.back() == nullptr) continue;
    for (const int64_t us : lags.back()->time_us_percentiles()) {
      all.push_back(static_cast<double>(us) / 1e3);
    }
  }
  if (all.empty()) return "";
  const LogAxis axis = AxisAround(all, 0.1);
  std::string html;
  for (const Canvas& canvas : kCanvases) html += LagCdf(canvas, groups, lags, axis);
  return html;
}

std::string TradeOff(const RunComparison& comparison, const std::string& risk) {
  const auto medians = [&](const std::string& name) {
    for (const ComparedMetric& metric : comparison.metrics) {
      if (metric.headline.metric.name == name) return &metric.values;
    }
    return static_cast<const std::vector<Measured>*>(nullptr);
  };
  // Latency before the first fault, because an outage would dominate the p99 of every mode.
  const std::vector<Measured>* costs = medians("write_p99_healthy_ms");
  const auto known = [](const Measured& measured) { return measured.median.has_value(); };
  const bool healthy = costs != nullptr && std::any_of(costs->begin(), costs->end(), known);
  if (!healthy) costs = medians("write_p99_ms");  // a fault is active from the start
  const std::vector<Measured>* risks = medians(risk);
  if (costs == nullptr || risks == nullptr) return "";
  Dots dots;
  for (size_t i = 0; i < comparison.names.size(); ++i) {
    if (!(*costs)[i].median || !(*risks)[i].median) continue;
    dots.push_back({comparison.names[i], *(*costs)[i].median, *(*risks)[i].median});
  }
  return TradeOffPlot(dots, CostName(healthy), "Write latency against acknowledged writes at risk");
}

std::string TradeOffPlot(const Dots& dots, const std::string& cost_name, const std::string& label) {
  if (dots.size() < 2) return "";
  std::vector<double> x;
  std::vector<double> y;
  for (const TradeOffDot& dot : dots) {
    x.push_back(dot.cost_ms);
    y.push_back(dot.writes);
  }
  const LogAxis cost = AxisAround(x, 0.01);
  LogAxis at_risk = AxisAround(y, 1);
  at_risk.least = 0.1;  // stands for 0, at the bottom
  std::string html;
  for (const Canvas& canvas : kCanvases) {
    html += Scatter(canvas, dots, cost, at_risk, cost_name, label);
  }
  return html;
}

}  // namespace replsim
