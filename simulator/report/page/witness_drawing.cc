#include "simulator/report/page/witness_drawing.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/escape_html.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

using PictureAxis = WitnessPicture::Axis;
using Bar = WitnessPicture::Bar;

constexpr double kAxisHeight = 22;
constexpr double kBandLine = 15;     // height of a fault's text line
constexpr double kWitnessLane = 40;  // height of label and bar
constexpr double kWitnessBar = 14;
constexpr double kOtherLane = 13;
constexpr double kOtherBar = 5;
constexpr double kLetterWidth = 7.2;  // average, in the font of the labels
constexpr size_t kValueHues = 6;

// The sizes of the picture; text has the same size on both.
struct Paper {
  const char* name;
  double left;   // left end of the time axis, after the names of the clients
  double width;  // width of the time axis
  double right;  // margin after the time axis
  int ticks;
};
constexpr Paper kPapers[] = {{"wide", 96, 1040, 24, 5}, {"narrow", 66, 284, 10, 2}};

// A lane of a row. Overlapping bars of one row are in lanes below each other.
struct BarLane {
  double y = 0;  // top
  double height = 0;
  bool witness = false;
};

class WitnessSvg {
 public:
  WitnessSvg(const WitnessPicture& picture, const Paper& paper) : of_(picture), paper_(paper) {
    PlaceBands();
    PlaceBars();
  }

  std::string Text() {
    svg_ = absl::StrFormat(
        "<svg class=\"plot witness %s\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
        "aria-label=\"%d operations of %d clients, and why they contradict each other\">\n",
        paper_.name, paper_.left + paper_.width + paper_.right, height_, of_.bars.size(),
        of_.rows.size());
    Bands();
    Ticks();
    Rows();
    // The witness is drawn last, on top of everything else.
    for (size_t i = of_.bars.size(); i-- > 0;) DrawBar(i);
    for (size_t i = 0; i < of_.arrows.size(); ++i) DrawArrow(i);
    return svg_ + "</svg>\n";
  }

 private:
  double X(double time) const {
    const double share = (time - of_.begin) / std::max(of_.end - of_.begin, 1e-9);
    return paper_.left + paper_.width * std::clamp(share, 0.0, 1.0);
  }
  double Left(const Bar& bar) const { return X(bar.begin); }
  // At least 2.5 units wide, to stay visible.
  double Right(const Bar& bar) const { return std::max(X(bar.end), Left(bar) + 2.5); }
  double Middle(size_t bar) const {
    const BarLane& lane = lanes_[lane_of_[bar]];
    return lane.witness ? lane.y + kWitnessLane - kWitnessBar / 2 - 5 : lane.y + kOtherLane / 2;
  }

  // Places the texts of simultaneous faults below each other.
  void PlaceBands() {
    std::vector<double> ends;  // end of the text in each line
    for (const WitnessPicture::Band& band : of_.faults) {
      const double x = X(band.begin);
      size_t line = 0;
      while (line < ends.size() && ends[line] > x) ++line;
      if (line == ends.size()) ends.push_back(0);
      ends[line] = x + TextWidth(band.text) + 12;
      band_line_.push_back(line);
    }
    top_ = AxisHeight() + kBandLine * static_cast<double>(ends.size());
  }

  double AxisHeight() const { return of_.axis == PictureAxis::kMillis ? kAxisHeight : 4; }

  static double TextWidth(const std::string& text) {
    return kLetterWidth * static_cast<double>(text.size());
  }

  void PlaceBars() {
    lane_of_.resize(of_.bars.size());
    double y = top_ + 4;
    for (size_t row = 0; row < of_.rows.size(); ++row) {
      const bool witness = of_.rows[row].witness;
      std::vector<size_t> bars;
      for (size_t i = 0; i < of_.bars.size(); ++i) {
        if (of_.bars[i].row == row) bars.push_back(i);
      }
      std::stable_sort(bars.begin(), bars.end(), [this](size_t a, size_t b) {
        return of_.bars[a].begin < of_.bars[b].begin;
      });
      row_y_.push_back(y);
      std::vector<double> ends;  // end of the last bar in each lane of this row
      const size_t first = lanes_.size();
      for (const size_t bar : bars) {
        size_t lane = 0;
        while (lane < ends.size() && ends[lane] > of_.bars[bar].begin) ++lane;
        if (lane == ends.size()) {
          ends.push_back(0);
          const double height = witness ? kWitnessLane : kOtherLane;
          lanes_.push_back({y, height, witness});
          y += height;
        }
        ends[lane] = of_.bars[bar].end;
        lane_of_[bar] = first + lane;
      }
    }
    height_ = y + 8;
  }

  void Bands() {
    for (size_t i = 0; i < of_.faults.size(); ++i) {
      const WitnessPicture::Band& band = of_.faults[i];
      const double x = X(band.begin);
      const double y = AxisHeight() + kBandLine * static_cast<double>(band_line_[i]);
      absl::StrAppendFormat(&svg_,
                            "<g class=\"fault\"><title>%s</title><rect x=\"%.1f\" y=\"%.1f\" "
                            "width=\"%.1f\" height=\"%.1f\"/><text x=\"%.1f\" y=\"%.1f\">%s</text>"
                            "</g>\n",
                            EscapeHtml(band.text), x, y, std::max(X(band.end) - x, 2.0),
                            height_ - y - 4, x + 4, y + 11, EscapeHtml(Fitted(band.text, x + 4)));
    }
  }

  // The part of a text that fits to the right of `x`.
  std::string Fitted(const std::string& text, double x) const {
    const double room = paper_.left + paper_.width + paper_.right - x;
    const auto letters = static_cast<size_t>(std::max(room / kLetterWidth, 0.0));
    if (text.size() <= letters) return text;
    // Do not truncate inside a UTF-8 character.
    size_t cut = letters > 1 ? letters - 1 : 0;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
    return absl::StrCat(text.substr(0, cut), "…");
  }

  std::string TickText(double value) const {
    const double length = of_.end - of_.begin;
    const int digits = length < 1 ? 6 : length < 10 ? 5 : length < 100 ? 4 : length < 1000 ? 3 : 2;
    return absl::StrFormat("%.*f s", digits, value / 1e3);
  }

  void Ticks() {
    if (of_.axis != PictureAxis::kMillis) return;
    for (int i = 0; i <= paper_.ticks; ++i) {
      const double at = of_.begin + (of_.end - of_.begin) * i / paper_.ticks;
      const bool last = i == paper_.ticks;
      absl::StrAppendFormat(
          &svg_,
          "<line class=\"tick\" x1=\"%.1f\" y1=\"%.0f\" x2=\"%.1f\" y2=\"%.0f\"/>"
          "<text class=\"time\" x=\"%.1f\" y=\"12\" text-anchor=\"%s\">%s</text>\n",
          X(at), kAxisHeight - 4, X(at), height_, last ? X(at) + paper_.right - 2 : X(at),
          last                         ? "end"
          : i == 0 && paper_.left < 80 ? "start"
                                       : "middle",
          TickText(at));
    }
  }

  void Rows() {
    const size_t most = static_cast<size_t>((paper_.left - 8) / kLetterWidth) + 2;
    for (size_t row = 0; row < of_.rows.size(); ++row) {
      const bool witness = of_.rows[row].witness;
      std::string name = of_.rows[row].name;
      if (name.size() > most) name = absl::StrCat(name.substr(0, most - 1), "…");
      const double y = row_y_[row];
      const double line = witness ? y + kWitnessLane - kWitnessBar / 2 - 5 : y + kOtherLane / 2;
      absl::StrAppendFormat(&svg_,
                            "<text class=\"client%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">"
                            "%s</text><line class=\"tick\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
                            "y2=\"%.1f\"/>\n",
                            witness ? "" : " other", paper_.left - 8, line + 4, EscapeHtml(name),
                            paper_.left, line, paper_.left + paper_.width, line);
    }
  }

  void DrawBar(size_t index) {
    const Bar& bar = of_.bars[index];
    const bool witness = !bar.letter.empty();
    const double height = witness ? kWitnessBar : kOtherBar;
    const double x = Left(bar);
    const double y = Middle(index) - height / 2;
    const double width = Right(bar) - x;
    absl::StrAppendFormat(&svg_, "<g class=\"%s\"><title>%s</title>",
                          witness ? absl::StrCat("op v", bar.value % kValueHues + 1) : "op",
                          EscapeHtml(bar.text));
    if (bar.answered) {
      absl::StrAppendFormat(&svg_, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                            x, y, width, height);
    } else {
      // The end is unknown, so the bar fades out.
      constexpr int kParts = 5;
      for (int part = 0; part < kParts; ++part) {
        absl::StrAppendFormat(&svg_,
                              "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                              "opacity=\"%.2f\"/>",
                              x + width * part / kParts, y, width / kParts, height,
                              1 - 0.85 * part / (kParts - 1));
      }
    }
    if (witness) DrawLabel(index, y - 5);
    svg_ += "</g>\n";
  }

  // Draws the letter, and the label if it does not overlap the label of the next operation.
  void DrawLabel(size_t index, double y) {
    const Bar& bar = of_.bars[index];
    const double x = Left(bar);
    double room = paper_.left + paper_.width + paper_.right - x;
    double before = x - paper_.left;
    for (size_t i = 0; i < of_.bars.size(); ++i) {
      if (i == index || lane_of_[i] != lane_of_[index] || of_.bars[i].letter.empty()) continue;
      const double other = Left(of_.bars[i]);
      if (other >= x) room = std::min(room, other - x - 6);
      if (other < x) before = 0;  // occupied by the label of that bar
    }
    const double needed = TextWidth(bar.label) + TextWidth(bar.letter) + 10;
    const bool fits = needed <= room;
    const bool to_the_left = !fits && needed <= before + Right(bar) - x;
    absl::StrAppendFormat(&svg_,
                          "<text x=\"%.1f\" y=\"%.1f\"%s><tspan class=\"letter\">%s</tspan>%s"
                          "</text>",
                          to_the_left ? std::max(Right(bar), x + 9) : x, y,
                          to_the_left ? " text-anchor=\"end\"" : "", EscapeHtml(bar.letter),
                          fits || to_the_left ? absl::StrCat(" ", EscapeHtml(bar.label)) : "");
  }

  // The arrow goes from the end of the first bar to the start of the second if they follow each
  // other, otherwise between their middles.
  void DrawArrow(size_t index) {
    const WitnessPicture::Arrow& arrow = of_.arrows[index];
    if (arrow.to == WitnessPicture::kNoBar) return;
    const Bar& to = of_.bars[arrow.to];
    const bool initial = arrow.from == WitnessPicture::kNoBar;
    const Bar& from = initial ? to : of_.bars[arrow.from];
    const double y2 = Middle(arrow.to);
    const double y1 = initial ? y2 : Middle(arrow.from);
    absl::StrAppendFormat(&svg_, "<g class=\"arrow%s\"><title>%d: %s</title>",
                          index + 1 == of_.arrows.size() ? " last" : "", index + 1,
                          EscapeHtml(arrow.because));
    if (initial) {
      Forward(paper_.left, y1, Left(to), y2, index + 1);
    } else if (from.answered && Right(from) <= Left(to) + 1) {
      Forward(Right(from), y1, Left(to), y2, index + 1);
    } else {
      // Arrows between the same bars are placed side by side.
      const double shift =
          26 * (static_cast<double>(index) - static_cast<double>(of_.arrows.size() - 1) / 2);
      Across((Left(from) + Right(from)) / 2 + shift, y1, (Left(to) + Right(to)) / 2 + shift, y2,
             index + 1);
    }
    svg_ += "</g>\n";
  }

  // A curve that starts and ends horizontally.
  void Forward(double x1, double y1, double x2, double y2, size_t number) {
    const double reach = std::max((x2 - x1) * 0.35, 14.0);
    absl::StrAppendFormat(&svg_,
                          "<path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"/>"
                          "<path class=\"head\" d=\"M%.1f %.1fl-8 -4.5v9z\"/>",
                          x1, y1, x1 + reach, y1, x2 - reach, y2, x2 - 5, y2, x2, y2);
    Number((x1 + x2) / 2, (y1 + y2) / 2, number);
  }

  // A curve from row to row, or an arc above the row if both bars are in one row.
  void Across(double x1, double y1, double x2, double y2, size_t number) {
    const bool same = std::abs(y2 - y1) < 1;
    const double side = !same && y2 < y1 ? -1 : 1;
    const double bow = kWitnessLane * 0.8;
    const double start = same ? y1 - kWitnessBar / 2 : y1 + side * kWitnessBar / 2;
    const double stop = y2 - side * kWitnessBar / 2;
    const double before = stop - side * 6;
    const double middle = same ? start - bow : (start + stop) / 2;
    absl::StrAppendFormat(&svg_,
                          "<path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"/>"
                          "<path class=\"head\" d=\"M%.1f %.1fl-4.5 %.1fh9z\"/>",
                          x1, start, x1, middle, x2, middle, x2, before, x2, stop, -8 * side);
    Number((x1 + x2) / 2, same ? start - bow * 0.75 : middle, number);
  }

  void Number(double x, double y, size_t number) {
    absl::StrAppendFormat(&svg_,
                          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"8\"/><text x=\"%.1f\" "
                          "y=\"%.1f\" text-anchor=\"middle\">%d</text>",
                          x, y, x, y + 4, number);
  }

  const WitnessPicture& of_;
  const Paper& paper_;
  std::vector<size_t> band_line_;
  std::vector<size_t> lane_of_;  // by bar
  std::vector<BarLane> lanes_;
  std::vector<double> row_y_;
  double top_ = 0;
  double height_ = 0;
  std::string svg_;
};

// The texts of the arrows, as a numbered list.
std::string Arrows(const WitnessPicture& picture) {
  if (picture.arrows.empty()) return "";
  std::string html = "<ol class=\"because\">\n";
  for (const WitnessPicture::Arrow& arrow : picture.arrows) {
    absl::StrAppend(&html, "<li>", EscapeHtml(arrow.because),
                    arrow.gap > 0
                        ? absl::StrCat(" <small>(", MillisText(arrow.gap), " between them)</small>")
                        : "",
                    "</li>\n");
  }
  return html + "</ol>\n";
}

std::string Operations(const WitnessPicture& picture) {
  std::string html = "<ul class=\"operations\">\n";
  for (const Bar& bar : picture.bars) {
    if (bar.letter.empty()) continue;
    absl::StrAppend(&html, "<li><b>", EscapeHtml(bar.letter), "</b> ", EscapeHtml(bar.text),
                    "</li>\n");
  }
  return html + "</ul>\n";
}

std::string Hint(const WitnessPicture& picture) {
  const bool others = std::any_of(picture.bars.begin(), picture.bars.end(),
                                  [](const Bar& bar) { return bar.letter.empty(); });
  const bool open = std::any_of(picture.bars.begin(), picture.bars.end(),
                                [](const Bar& bar) { return !bar.answered; });
  std::string text = "A row for each client, a bar for each operation from its begin to its end";
  if (picture.axis == PictureAxis::kPlaces)
    text = "A row for each session, its transactions in order";
  absl::StrAppend(&text, ". The bars with a letter are the witness");
  const bool values = std::any_of(picture.bars.begin(), picture.bars.end(),
                                  [](const Bar& bar) { return bar.value > 0; });
  if (values) absl::StrAppend(&text, ", in one color for each value");
  if (others) absl::StrAppend(&text, "; thin bars are the other operations of that time");
  if (open) absl::StrAppend(&text, "; a bar that fades out was never answered");
  if (!picture.faults.empty()) absl::StrAppend(&text, "; shaded: faults");
  if (!picture.arrows.empty()) {
    absl::StrAppend(&text, ". The arrows are explained below the picture");
  }
  text += ".";
  if (picture.left_out > 0) {
    absl::StrAppend(&text, " ", Counted(picture.left_out, "operation"),
                    picture.left_out == 1 ? " is" : " are", " not shown.");
  }
  return absl::StrCat("<p class=\"hint\">", text, "</p>\n");
}

}  // namespace

std::string WitnessHtml(const WitnessPicture& picture, absl::string_view title) {
  if (picture.empty()) return "";
  std::string html = absl::StrCat("<figure class=\"drawing witness\" data-title=\"",
                                  EscapeHtml(title), "\">\n", Hint(picture));
  for (const Paper& paper : kPapers) absl::StrAppend(&html, WitnessSvg(picture, paper).Text());
  return absl::StrCat(html, Operations(picture), Arrows(picture), "</figure>\n");
}

}  // namespace replsim
