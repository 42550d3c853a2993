// Runs side by side, as text.
#include "simulator/report/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "simulator/report/report_file.h"
#include "simulator/report/text_report.h"
#include "tests/unit/report_runs.h"

namespace replsim {
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
              "acknowledged, then lost                        1                    1   ~\n"
              "time span lost (RPO)                      1.0 ms      45 ms [20 … 70]  +4400.0 % "
              "worse\n"),
          HasSubstr("write latency p50                          10 ms      45 ms [20 … 70]  "
                    "+350.0 % worse\n"),
          HasSubstr("committed per second                       3.0/s                3.0/s   ~\n"),
          HasSubstr("6 runs each; differences to fast; better, worse and differs are\n")));
  const std::vector<proto::Report> once{BuildReport(Repeats(1), "", {})};
  EXPECT_THAT(CompareText(GroupsOf(once, names), 0),
              AllOf(HasSubstr("too few runs to separate differences from noise"),
                    Not(HasSubstr("worse")), Not(HasSubstr("better"))));
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
}  // namespace replsim
