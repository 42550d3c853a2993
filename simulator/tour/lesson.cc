#include "simulator/tour/lesson.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/check.h"
#include "common/base/status.h"
#include "simulator/report/metric_rows.h"
#include "simulator/tour/tour_assets.h"

namespace replsim {
namespace {

// Reads one line after the other into the lessons.
class LessonReader {
 public:
  absl::Status Take(absl::string_view line) {
    if (absl::ConsumePrefix(&line, "# ")) {
      lessons_.emplace_back().title = std::string(line);
      text_ = nullptr;
      return absl::OkStatus();
    }
    if (lessons_.empty()) return absl::InvalidArgumentError("expected '# TITLE'");
    Lesson& lesson = lessons_.back();
    if (absl::ConsumePrefix(&line, "## ")) return Begin(line, lesson);
    if (text_ != nullptr) return Add(line);
    if (absl::ConsumePrefix(&line, "scenario: ")) {
      lesson.scenario = std::string(line);
    } else if (absl::ConsumePrefix(&line, "  - ")) {
      lesson.claims.emplace_back(line);
    } else if (line != "claims:") {
      return absl::InvalidArgumentError("expected 'scenario: NAME', 'claims:' or '## SECTION'");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<Lesson>> Done() {
    for (Lesson& lesson : lessons_) {
      for (std::string* text : {&lesson.predict, &lesson.look, &lesson.why}) {
        absl::StripTrailingAsciiWhitespace(text);
      }
      if (lesson.scenario.empty() || lesson.claims.empty() || lesson.predict.empty() ||
          lesson.look.empty() || lesson.why.empty()) {
        return absl::InvalidArgumentError(absl::StrCat("lesson '", lesson.title, "' lacks a part"));
      }
    }
    return std::move(lessons_);
  }

 private:
  absl::Status Begin(absl::string_view section, Lesson& lesson) {
    if (section == "Predict") {
      text_ = &lesson.predict;
    } else if (section == "Look") {
      text_ = &lesson.look;
    } else if (section == "Why") {
      text_ = &lesson.why;
    } else {
      return absl::InvalidArgumentError("expected the section Predict, Look or Why");
    }
    return absl::OkStatus();
  }

  // An empty line ends a paragraph.
  absl::Status Add(absl::string_view line) {
    if (line.empty()) {
      if (!text_->empty() && !absl::EndsWith(*text_, "\n")) absl::StrAppend(text_, "\n");
      return absl::OkStatus();
    }
    const bool begins = text_->empty() || absl::EndsWith(*text_, "\n");
    absl::StrAppend(text_, begins ? "" : " ", line);
    return absl::OkStatus();
  }

  std::vector<Lesson> lessons_;
  std::string* text_ = nullptr;  // of the section that is being read; null before the first
};

absl::StatusOr<std::string> NumberOf(absl::string_view name, const std::vector<RunGroup>& groups) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(name, absl::MaxSplits(": ", 1));
  const auto group = std::find_if(groups.begin(), groups.end(),
                                  [&](const RunGroup& each) { return each.name == parts.first; });
  if (group == groups.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("{", name, "}: there is no variant '", parts.first, "'"));
  }
  if (!ValueOf(parts.second, *group->runs.front())) {
    return absl::InvalidArgumentError(
        absl::StrCat("{", name, "}: '", parts.second, "' is no metric, or unknown in this run"));
  }
  return CellText(parts.second, *group);
}

}  // namespace

absl::StatusOr<std::vector<Lesson>> ParseLessons(absl::string_view text) {
  LessonReader reader;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(absl::StripSuffix(text, "\n"), '\n')) {
    ++number;
    if (const absl::Status taken = reader.Take(line); !taken.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("line ", number, ": ", taken.message()));
    }
  }
  return reader.Done();
}

const std::vector<Lesson>& Lessons() {
  static const std::vector<Lesson>& lessons = *new std::vector<Lesson>([] {
    absl::StatusOr<std::vector<Lesson>> parsed = ParseLessons(kTourLessons);
    REPL_CHECK(parsed.ok(), parsed.status().ToString());
    return *std::move(parsed);
  }());
  return lessons;
}

absl::StatusOr<std::string> WithNumbers(absl::string_view text, const proto::Report& report) {
  const std::vector<RunGroup> groups = GroupByVariant(report.runs());
  std::string filled;
  while (!text.empty()) {
    const size_t open = text.find('{');
    const size_t close = text.find('}', open == absl::string_view::npos ? 0 : open);
    absl::StrAppend(&filled, text.substr(0, open));
    if (open == absl::string_view::npos) break;
    if (close == absl::string_view::npos) return absl::InvalidArgumentError("'{' without '}'");
    REPL_ASSIGN_OR_RETURN(const std::string number,
                          NumberOf(text.substr(open + 1, close - open - 1), groups));
    absl::StrAppend(&filled, number);
    text.remove_prefix(close + 1);
  }
  return filled;
}

}  // namespace replsim
