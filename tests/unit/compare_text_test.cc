// Runs side by side, as text.
#include "simulator/report/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "simulator/report/difference_text.h"
#include "simulator/report/report_file.h"
#include "simulator/report/text_report.h"
#include "tests/unit/report_runs.h"

namespace replsim::compare_text_test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Compare, ShowsRunsSideBySideAndWhatDiffers) {
  std::vector<Recording> one = Variants(1);
  one[0].scenario_yaml = "name: fake\nreplication:\n  ack_after: flush\n  order: primary-first\n";
  std::vector<Recording> other = Variants(1);
  other[0].scenario_yaml =
      "name: fake\nreplication:\n  ack_after: replica-flush\n  order: primary-first\n";
  const std::vector<proto::Report> reports{BuildReport(one, "", {}), BuildReport(other, "", {})};
  const std::vector<std::string> names{"runs/fake/monday", "runs/fake/tuesday/"};
  EXPECT_THAT(
      CompareText(GroupsOf(reports, names), 0),
      AllOf(testing::StartsWith(
                "settings that differ\n"
                "                        monday/variant-0   tuesday/variant-0\n"
                "replication.ack_after              flush       replica-flush\n"
                "\n"
                "                                          monday/variant-0   tuesday/variant-0\n"
                "acknowledged, then lost                                  1                   1\n"),
            Not(HasSubstr("replication.order")), HasSubstr("1 run each")));
}

TEST(Compare, MarksWhatIsBeyondNoiseAndNothingElse) {
  const std::vector<proto::Report> repeated{BuildReport(Repeats(6), "", {})};
  const std::vector<std::string> names{"runs/fake/monday"};
  EXPECT_THAT(
      CompareText(GroupsOf(repeated, names), 0),
      AllOf(
          testing::StartsWith(
              "all settings are the same\n"
              "\n"
              "                                            fast                 slow\n"
              "acknowledged, then lost                        1                    1              "
              "~\n"
              "time span lost (RPO)                      1.0 ms      45 ms [20 … 70]      ×45 "
              "worse\n"),
          HasSubstr(
              "write latency p50                          10 ms      45 ms [20 … 70]     ×4.5 "
              "worse\n"),
          HasSubstr(
              "committed per second                       3.0/s                3.0/s              "
              "~\n"),
          HasSubstr("writes stopped (RTO)                      250 ms               251 ms\n"),
          HasSubstr("6 runs each, compared with fast; better or worse: beyond noise;\n")));
  const std::vector<proto::Report> once{BuildReport(Repeats(1), "", {})};
  EXPECT_THAT(CompareText(GroupsOf(once, names), 0),
              AllOf(HasSubstr("too few runs to distinguish a difference from noise"),
                    Not(HasSubstr("worse")), Not(HasSubstr("better"))));
}

std::string TextOf(MetricUnit unit, double base, double other) {
  Difference difference;
  difference.absolute = other - base;
  if (base != 0) difference.percent = (other - base) / base * 100;
  return DifferenceText(unit, difference);
}

TEST(Compare, WritesFactorsAndNothingWhereThereIsLittleToTell) {
  EXPECT_EQ(TextOf(MetricUnit::kMillis, 0.4, 53.2), "×133");
  EXPECT_EQ(TextOf(MetricUnit::kMillis, 12, 6), "÷2.0");
  EXPECT_EQ(TextOf(MetricUnit::kMillis, 100, 114.3), "+14.3 %");
  EXPECT_EQ(TextOf(MetricUnit::kMillis, 100, 51), "-49.0 %");
  EXPECT_EQ(TextOf(MetricUnit::kMillis, 1000, 991), "");
  EXPECT_EQ(TextOf(MetricUnit::kMillis, 30, 0), "-30 ms");
  EXPECT_EQ(TextOf(MetricUnit::kMillis, 0, 30), "+30 ms");
  EXPECT_EQ(TextOf(MetricUnit::kCount, 1, 0), "");
  EXPECT_EQ(TextOf(MetricUnit::kCount, 0, 4), "");
  EXPECT_EQ(TextOf(MetricUnit::kCount, 0, 5), "+5");
  EXPECT_EQ(TextOf(MetricUnit::kCount, 1, 30), "×30");
  EXPECT_EQ(TextOf(MetricUnit::kPercent, 15.4, 0), "-15.4 points");
  EXPECT_EQ(TextOf(MetricUnit::kPercent, 0, 0.05), "");
  EXPECT_EQ(TextOf(MetricUnit::kYesNo, 0, 1), "");
}

TEST(Compare, FindsTheBaseByItsName) {
  const std::vector<proto::Report> reports{BuildReport(Repeats(1), "", {})};
  const std::vector<std::string> names{"runs/fake/monday"};
  const std::vector<RunGroup> groups = GroupsOf(reports, names);
  EXPECT_EQ(*FindBase(groups, ""), 0u);
  EXPECT_EQ(*FindBase(groups, "slow"), 1u);
  EXPECT_EQ(FindBase(groups, "slo").status().message(),
            "--base: 'slo' is not one of the compared runs; did you mean 'slow'? (known: fast, "
            "slow)");
}

TEST(Compare, NamesRunsSoThatNoTwoAreCalledAlike) {
  const std::vector<proto::Report> reports(2, BuildReport(Repeats(1), "", {}));
  const std::vector<std::string> names{"runs/a/monday", "runs/b/monday"};
  std::vector<std::string> called;
  for (const RunGroup& group : GroupsOf(reports, names)) called.push_back(group.name);
  EXPECT_THAT(called,
              ElementsAre("monday/fast", "monday/slow", "monday/fast (2)", "monday/slow (2)"));
}

}  // namespace
}  // namespace replsim::compare_text_test
