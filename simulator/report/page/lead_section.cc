#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/escape_html.h"
#include "simulator/report/page/sections.h"

namespace replsim {
namespace {

constexpr double kLeadNames = 90;  // width of the names, left of the lanes
constexpr double kLeadWidth = 1100;
constexpr double kLeadLane = 46;
constexpr double kLeadTop = 40;
constexpr double kBarHeight = 16;

struct MarkStyle {
  const char* css;
  const char* letter;
  const char* legend;
};

MarkStyle StyleOf(proto::LeadLanes::Kind kind) {
  switch (kind) {
    case proto::LeadLanes::SUSPECTS:
      return {"suspects", "?", "suspects that the primary is gone"};
    case proto::LeadLanes::ASKS:
      return {"asks", "A", "asks whether it would be elected"};
    case proto::LeadLanes::STANDS:
      return {"stands", "S", "stands for election"};
    case proto::LeadLanes::VOTES:
      return {"votes", "V", "votes for another node"};
    case proto::LeadLanes::ELECTED:
      return {"elected", "E", "is elected"};
    case proto::LeadLanes::PICKS:
      return {"picks", "P", "picks the node that is to lead"};
    case proto::LeadLanes::STEPS_DOWN:
      return {"steps-down", "D", "steps down"};
    case proto::LeadLanes::HANDS_OVER:
      return {"hands-over", "H", "hands its lead over"};
    case proto::LeadLanes::JOINS_SET:
      return {"joins-set", "+", "a replica joins the in-sync set"};
    case proto::LeadLanes::LEAVES_SET:
      return {"leaves-set", "-", "a replica leaves the in-sync set"};
    default:
      return {"", "", ""};
  }
}

class LeadDrawing {
 public:
  explicit LeadDrawing(const proto::LeadLanes& of) : of_(of) {}

  std::string Svg() {
    const double height = kLeadTop + kLeadLane * of_.lanes_size();
    svg_ = absl::StrFormat(
        "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"Who led and who stood for "
        "election, for %d nodes\">\n",
        kLeadNames + kLeadWidth + 20, height, of_.lanes_size());
    for (int i = 0; i <= 5; ++i) {
      const double seconds = of_.begin_s() + (of_.end_s() - of_.begin_s()) * i / 5;
      absl::StrAppendFormat(&svg_,
                            "<line class=\"tick\" x1=\"%.1f\" y1=\"18\" x2=\"%.1f\" y2=\"%.0f\"/>"
                            "<text class=\"time\" x=\"%.1f\" y=\"12\" text-anchor=\"%s\">%.2f s"
                            "</text>\n",
                            X(seconds), X(seconds), height - 10, X(seconds),
                            i == 5 ? "end" : "middle", seconds);
    }
    for (int i = 0; i < of_.lanes_size(); ++i) Lane(of_.lanes(i), kLeadTop + kLeadLane * i);
    return svg_ + "</svg>\n";
  }

 private:
  double X(double seconds) const {
    const double share = (seconds - of_.begin_s()) / std::max(of_.end_s() - of_.begin_s(), 1e-9);
    return kLeadNames + kLeadWidth * std::clamp(share, 0.0, 1.0);
  }

  void Lane(const proto::LeadLanes::Lane& lane, double y) {
    absl::StrAppendFormat(
        &svg_,
        "<text class=\"lane\" x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%s</text>"
        "<line class=\"lane\" x1=\"%.0f\" y1=\"%.1f\" x2=\"%.0f\" y2=\"%.1f\"/>\n",
        kLeadNames - 10, y + 4, EscapeHtml(lane.node()), kLeadNames, y, kLeadNames + kLeadWidth, y);
    for (const proto::LeadLanes::Leading& leading : lane.leading()) {
      const double from = X(leading.begin_s());
      const double width = std::max(X(leading.end_s()) - from, 2.0);
      absl::StrAppendFormat(
          &svg_,
          "<g class=\"leading\"><title>%s led epoch %d from %.3f s to %.3f s%s</title>"
          "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\"/>",
          EscapeHtml(lane.node()), leading.epoch(), leading.begin_s(), leading.end_s(),
          leading.ended().empty() ? "" : absl::StrCat(": ", EscapeHtml(leading.ended())), from,
          y - kBarHeight / 2, width, kBarHeight);
      constexpr double kRoom = 60;  // for the label
      if (width > kRoom) {
        absl::StrAppendFormat(&svg_, "<text x=\"%.1f\" y=\"%.1f\">epoch %d</text>", from + 5, y + 4,
                              leading.epoch());
      }
      svg_ += "</g>\n";
    }
    Marks(lane, y);
  }

  // The letters of marks that are close together stand beside each other.
  void Marks(const proto::LeadLanes::Lane& lane, double y) {
    constexpr double kLetter = 11;
    double free_x = 0;
    for (const proto::LeadLanes::Mark& mark : lane.marks()) {
      const MarkStyle style = StyleOf(mark.kind());
      const double x = X(mark.time_s());
      const double letter_x = std::max(x, free_x);
      free_x = letter_x + kLetter;
      absl::StrAppendFormat(
          &svg_,
          "<g class=\"mark %s\"><title>%.6f s: %s %s</title><line x1=\"%.1f\" y1=\"%.1f\" "
          "x2=\"%.1f\" y2=\"%.1f\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>"
          "</g>\n",
          style.css, mark.time_s(), EscapeHtml(lane.node()), EscapeHtml(mark.text()), x, y - 10, x,
          y + 10, letter_x, y - 12, style.letter);
    }
  }

  const proto::LeadLanes& of_;
  std::string svg_;
};

std::string Legend() {
  std::string text;
  for (int kind = proto::LeadLanes::SUSPECTS; kind <= proto::LeadLanes::LEAVES_SET; ++kind) {
    const MarkStyle style = StyleOf(static_cast<proto::LeadLanes::Kind>(kind));
    absl::StrAppend(&text, text.empty() ? "" : ", ", "<b>", style.letter, "</b> ", style.legend);
  }
  return text;
}

}  // namespace

std::string LeadSection(const proto::LeadLanes& lanes) {
  if (lanes.lanes().empty()) return "";
  return absl::StrCat(
      "<h2>Who led</h2>\n<p>Bars: the node took itself for the primary, with the epoch that it "
      "led. "
      "Marks: ",
      Legend(),
      ". Point at a bar or a mark for its epoch and time.</p>\n"
      "<p class=\"hint scroll-hint\">Scroll sideways to see all of it.</p>\n"
      "<div class=\"scroll spacetime leaders\">\n",
      LeadDrawing(lanes).Svg(), "</div>\n");
}

}  // namespace replsim
