#include "simulator/report/markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/report/report_file.h"
#include "tests/unit/report_runs.h"

namespace replsim {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(MarkdownTable, HasAColumnPerHeadAndBoldHeadings) {
  const Table table{
      {"async", "sync | all"},
      {HeadingRow("Lost"), {"  lost", {"3", "0"}, ""}, {"lag", {"", "<1 ms  ~"}, ""}}};
  EXPECT_EQ(MarkdownTable(table),
            "| | async | sync \\| all |\n"
            "|:--|--:|--:|\n"
            "| **Lost** | | |\n"
            "| lost | 3 | 0 |\n"
            "| lag | - | &lt;1 ms \\~ |\n");
}

TEST(MarkdownTable, HasAColumnForRemarksIfThereAreAny) {
  const Table table{{"async"}, {{"outage", {"250 ms"}, "detect 139 ms"}, {"lag", {"1 ms"}, ""}}};
  EXPECT_EQ(MarkdownTable(table),
            "| | async | |\n"
            "|:--|--:|:--|\n"
            "| outage | 250 ms | detect 139 ms |\n"
            "| lag | 1 ms | |\n");
}

TEST(MarkdownReport, ShowsWhatTheTerminalShows) {
  proto::Report report = BuildReport(Variants(1), "It does.", Expect("acked_lost", "> 0"));
  report.mutable_runs(0)->set_command("replsim run 'a b.yaml'");
  const std::string text = MarkdownReport(report);
  EXPECT_THAT(text, StartsWith("### fake · virtual · seed 42 · 1 s\n\nWhat happens?\n\nIt does.\n\n"
                               "| | variant-0 | |\n|:--|--:|:--|\n| **Lost** | | |\n"
                               "| acknowledged, then lost | 1 | |\n"));
  EXPECT_THAT(text, AllOf(HasSubstr("| detection 139, promotion 60, first write 51 ms |\n"),
                          HasSubstr("\n- first lost write (variant-0): 1:2 key k0713,"),
                          HasSubstr("\n- held variant-0: acknowledged, then lost > 0 (1)\n"),
                          HasSubstr("\n```\nreplsim run 'a b.yaml'\n```\n")));
}

TEST(MarkdownReport, HidesTheAnswerWhereAnExpectationDidNotHold) {
  const proto::Report report = BuildReport(Variants(1), "It does.", Expect("acked_lost", "== 0"));
  EXPECT_THAT(MarkdownReport(report),
              AllOf(Not(HasSubstr("It does.")), HasSubstr("- NOT HELD variant-0: ")));
}

TEST(MarkdownComparison, HasTheSettingsAndTheDifferences) {
  const proto::Report report = BuildReport(Variants(2), "", {});
  const std::string text = MarkdownComparison(GroupByVariant(report.runs()), 0);
  EXPECT_THAT(text, AllOf(HasSubstr("### Metrics\n\n| | variant-0 | variant-1 |\n|:--|--:|--:|\n"),
                          HasSubstr("compared with variant-0"), Not(HasSubstr("  "))));
}

}  // namespace
}  // namespace replsim
