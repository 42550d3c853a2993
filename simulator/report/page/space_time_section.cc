#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/escape_html.h"
#include "simulator/report/page/sections.h"

namespace replsim {
namespace {

constexpr double kNames = 90;  // width of the names, left of the lanes
constexpr double kDrawingWidth = 1100;
constexpr double kLane = 74;
constexpr double kDrawingTop = 40;

class Drawing {
 public:
  explicit Drawing(const proto::SpaceTime& of) : of_(of) {
    // Clients are above the nodes, so requests point down and answers up.
    double y = kDrawingTop;
    lane_y_.resize(static_cast<size_t>(of.lanes_size()));
    for (const bool clients : {true, false}) {
      for (int i = 0; i < of.lanes_size(); ++i) {
        if (of.lanes(i).client() != clients) continue;
        lane_y_[static_cast<size_t>(i)] = y;
        y += clients ? kLane * 0.6 : kLane;
      }
    }
    height_ = y;
  }

  std::string Svg() {
    svg_ = absl::StrFormat(
        "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"Space-time diagram: %d messages "
        "between %d lanes\">\n<defs>",
        kNames + kDrawingWidth + 20, height_, of_.messages_size(), of_.lanes_size());
    for (const char* kind : {"request", "batch", "ack", "answer", "focus"}) {
      absl::StrAppend(&svg_, "<marker id=\"to-", kind, "\" class=\"", kind,
                      "\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" "
                      "markerHeight=\"7\" markerUnits=\"userSpaceOnUse\" "
                      "orient=\"auto-start-reverse\"><path d=\"M0 0 8 4 0 8z\"/>"
                      "</marker>");
    }
    svg_ += "</defs>\n";
    Axis();
    for (int i = 0; i < of_.lanes_size(); ++i) Lane(i);
    for (const proto::SpaceTime::Message& message : of_.messages()) {
      if (!message.focus()) Arrow(message);
    }
    for (const proto::SpaceTime::Message& message : of_.messages()) {
      if (message.focus()) Arrow(message);
    }
    Points();
    return svg_ + "</svg>\n";
  }

 private:
  double X(double ms) const {
    const double share = (ms - of_.begin_ms()) / std::max(of_.end_ms() - of_.begin_ms(), 1e-6);
    return kNames + kDrawingWidth * std::clamp(share, 0.0, 1.0);
  }
  double Y(uint32_t lane) const { return lane < lane_y_.size() ? lane_y_[lane] : 0; }

  void Axis() {
    const double length = of_.end_ms() - of_.begin_ms();
    for (int i = 0; i <= 5; ++i) {
      const double ms = of_.begin_ms() + length * i / 5;
      absl::StrAppendFormat(&svg_,
                            "<line class=\"tick\" x1=\"%.1f\" y1=\"18\" x2=\"%.1f\" y2=\"%.0f\"/>"
                            "<text class=\"time\" x=\"%.1f\" y=\"12\" text-anchor=\"%s\">%.*f ms"
                            "</text>\n",
                            X(ms), X(ms), height_ - 20, X(ms), i == 5 ? "end" : "middle",
                            length < 10 ? 3 : 1, ms);
    }
  }

  void Lane(int index) {
    const proto::SpaceTime::Lane& lane = of_.lanes(index);
    const double y = Y(static_cast<uint32_t>(index));
    absl::StrAppendFormat(
        &svg_,
        "<text class=\"lane\" x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%s</text>"
        "<line class=\"lane\" x1=\"%.0f\" y1=\"%.1f\" x2=\"%.0f\" y2=\"%.1f\"/>\n",
        kNames - 10, y + 4, EscapeHtml(lane.name()), kNames, y, kNames + kDrawingWidth, y);
    for (const proto::SpaceTime::Down& down : lane.down()) {
      const double from = X(down.begin_ms());
      absl::StrAppendFormat(
          &svg_,
          "<g class=\"down\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"12\"/>"
          "<text x=\"%.1f\" y=\"%.1f\">✕ %s</text></g>\n",
          from, y - 6, std::max(X(down.end_ms()) - from, 2.0), from + 4, y + 18,
          EscapeHtml(down.what()));
    }
  }

  void Arrow(const proto::SpaceTime::Message& message) {
    static const char* const kKinds[] = {"batch", "request", "batch", "ack", "answer"};
    const char* kind = kKinds[message.kind()];
    const double x1 = X(message.sent_ms());
    const double y1 = Y(message.from());
    const bool known = message.has_received_ms();
    const bool arrives = known && message.received_ms() <= of_.end_ms();
    // A message without a known arrival is a short arrow; one that arrives later leaves the
    // picture.
    double share = known ? 1 : 0.35;
    if (known && !arrives) {
      share = (of_.end_ms() - message.sent_ms()) / (message.received_ms() - message.sent_ms());
    }
    const double x2 = known ? X(message.received_ms()) : x1 + 14;
    const double y2 = y1 + (Y(message.to()) - y1) * share;
    absl::StrAppendFormat(
        &svg_,
        "<g class=\"message %s%s%s\"><title>%s → %s: %s · sent %.3f ms%s</title>"
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"%s/>",
        kind, message.focus() ? " focus" : "", message.has_received_ms() ? "" : " lost",
        Name(message.from()), Name(message.to()), EscapeHtml(message.text()), message.sent_ms(),
        message.has_received_ms() ? absl::StrFormat(", received %.3f ms", message.received_ms())
                                  : std::string(", did not arrive"),
        x1, y1, x2, y2,
        known && !arrives
            ? std::string()
            : absl::StrFormat(" marker-end=\"url(#to-%s)\"", message.focus() ? "focus" : kind));
    if (message.focus() && arrives) {
      absl::StrAppendFormat(&svg_, "<text class=\"label\" x=\"%.1f\" y=\"%.1f\">%s</text>",
                            x1 + (x2 - x1) * 0.3 + 6, y1 + (y2 - y1) * 0.3,
                            EscapeHtml(message.text()));
    }
    if (!message.has_received_ms()) {
      absl::StrAppendFormat(&svg_, "<text class=\"label\" x=\"%.1f\" y=\"%.1f\">✕</text>", x2 + 2,
                            y2 + 4);
    }
    svg_ += "</g>\n";
  }

  // Points close together on one lane share a label.
  void Points() {
    constexpr double kClose = 60;
    std::vector<proto::SpaceTime::Point> points(of_.points().begin(), of_.points().end());
    std::stable_sort(points.begin(), points.end(), [](const auto& a, const auto& b) {
      return std::pair(a.lane(), a.at_ms()) < std::pair(b.lane(), b.at_ms());
    });
    for (size_t from = 0; from < points.size();) {
      const double x = X(points[from].at_ms());
      const double y = Y(points[from].lane());
      std::vector<std::string> texts;
      size_t to = from;
      for (; to < points.size() && points[to].lane() == points[from].lane() &&
             X(points[to].at_ms()) - x < kClose;
           ++to) {
        Dot(points[to]);
        texts.push_back(points[to].text());
      }
      absl::StrAppendFormat(&svg_, "<text class=\"label\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", x + 6,
                            y - 9, EscapeHtml(absl::StrJoin(texts, ", ")));
      from = to;
    }
  }

  void Dot(const proto::SpaceTime::Point& point) {
    absl::StrAppendFormat(
        &svg_,
        "<g class=\"point%s\"><title>%s %s at %.3f ms</title><circle cx=\"%.1f\" cy=\"%.1f\" "
        "r=\"4\"/></g>\n",
        point.focus() ? " focus" : "", Name(point.lane()), EscapeHtml(point.text()), point.at_ms(),
        X(point.at_ms()), Y(point.lane()));
  }

  std::string Name(uint32_t lane) const {
    return lane < lane_y_.size() ? EscapeHtml(of_.lanes(static_cast<int>(lane)).name()) : "?";
  }

  const proto::SpaceTime& of_;
  std::vector<double> lane_y_;
  double height_ = 0;
  std::string svg_;
};

}  // namespace

std::string SpaceTimeSection(const proto::SpaceTime& space_time) {
  if (space_time.lanes().empty()) return "";
  std::string html =
      absl::StrCat("<h2>Messages between the nodes</h2>\n<p>", EscapeHtml(space_time.why()),
                   "; times since the load began. Solid: requests and batches; dashed: answers and "
                   "acknowledgements; thick: the write that the diagram is about.");
  if (space_time.left_out() > 0) {
    absl::StrAppend(&html, " ", space_time.left_out(),
                    space_time.left_out() == 1 ? " message" : " messages", " not close to it ",
                    space_time.left_out() == 1 ? "is" : "are", " omitted.");
  }
  return absl::StrCat(html,
                      "</p>\n<p class=\"hint scroll-hint\">Scroll sideways to see all of it.</p>\n"
                      "<div class=\"scroll spacetime\">\n",
                      Drawing(space_time).Svg(), "</div>\n");
}

}  // namespace replsim
