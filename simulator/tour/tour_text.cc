#include "simulator/tour/tour_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/check.h"
#include "common/base/status.h"
#include "simulator/report/text_report.h"
#include "simulator/scenario/text_table.h"

namespace replsim {
namespace {

constexpr char kStages[] =
    "  primary:  append ──► write ──► flush ──► apply\n"
    "                  └─ send ─┐\n"
    "  replica:              receive ──► write ──► flush ──► apply\n";

const char kAnswers[] =
    "append: the record is in the log buffer; write: the kernel has it, in its page cache; flush: "
    "fdatasync has returned; apply: readers see it. A replication mode says after which of these "
    "stages, and on which nodes, the client receives \"committed\".";

const Lesson& LessonOf(int number) {
  REPL_CHECK(number >= 1 && static_cast<size_t>(number) <= Lessons().size(), "no lesson ", number);
  return Lessons()[static_cast<size_t>(number) - 1];
}

std::string Filled(const std::string& text, size_t width) {
  return absl::StrJoin(WrapWords(text, width), "\n");
}

std::string CommandOf(const Lesson& lesson, const std::string& folder, const char* program) {
  return absl::StrCat(program, " run ", folder, "/", lesson.scenario, ".yaml --runtime virtual");
}

}  // namespace

std::string TourContents(size_t width) {
  std::string text = "The life of a write:\n\n";
  absl::StrAppend(&text, kStages, "\n", Filled(kAnswers, width), "\n\n");
  int number = 0;
  for (const Lesson& lesson : Lessons()) {
    ++number;
    absl::StrAppend(&text, number < 10 ? " " : "", number, "  ", lesson.title, "\n");
  }
  return text;
}

std::string PredictText(int number, const std::string& folder, size_t width) {
  const Lesson& lesson = LessonOf(number);
  return absl::StrCat(number, " of ", Lessons().size(), " · ", lesson.title, "\n\nPREDICT\n",
                      Filled(lesson.predict, width), "\n\nRUN\n",
                      CommandOf(lesson, folder, "replsim"), "\n");
}

absl::StatusOr<std::string> ResultText(int number, const proto::Report& report, size_t width) {
  const Lesson& lesson = LessonOf(number);
  REPL_ASSIGN_OR_RETURN(const std::string look, WithNumbers(lesson.look, report));
  REPL_ASSIGN_OR_RETURN(const std::string why, WithNumbers(lesson.why, report));
  TextOptions options;
  options.width = width;
  options.wrap = true;
  return absl::StrCat("LOOK\n", Filled(look, width), "\n\n", ExpectationsText(report, options),
                      "\nWHY\n", Filled(why, width), "\n");
}

absl::StatusOr<std::string> TourMarkdown(const std::vector<proto::Report>& reports) {
  REPL_CHECK(reports.size() == Lessons().size(), reports.size(), " reports");
  constexpr size_t kMarkdownWidth = 100;
  std::string text = absl::StrCat(
      "# The tour\n\n",
      Filled(
          "What *synchronous* and *asynchronous* mean at each layer, in ten lessons: predict, run, "
          "look, why. `./dev tour` goes through them in a terminal. This page has the same text; "
          "its numbers come from the runs that `replsim tour --markdown docs/tour.md` made, and a "
          "test compares it with new ones.",
          kMarkdownWidth),
      "\n\n![The stages of a write, and the places where its answer can leave](stages.svg)\n\n",
      Filled(kAnswers, kMarkdownWidth), "\n");
  for (size_t i = 0; i < reports.size(); ++i) {
    const Lesson& lesson = Lessons()[i];
    REPL_ASSIGN_OR_RETURN(const std::string look, WithNumbers(lesson.look, reports[i]));
    REPL_ASSIGN_OR_RETURN(const std::string why, WithNumbers(lesson.why, reports[i]));
    absl::StrAppend(&text, "\n## ", i + 1, ". ", lesson.title, "\n\n",
                    Filled(absl::StrCat("**Predict.** ", lesson.predict), kMarkdownWidth),
                    "\n\n    ", CommandOf(lesson, "scenarios", "./dev"), "\n\n",
                    Filled(absl::StrCat("**Look.** ", look), kMarkdownWidth), "\n\n",
                    Filled(absl::StrCat("**Why.** ", why), kMarkdownWidth), "\n");
  }
  return text;
}

}  // namespace replsim
