#include "simulator/tour/lesson.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace replsim::lesson_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kOne[] =
    "# A title\nscenario: quickstart\nclaims:\n  - {acked_lost: \"== 0\"}\n"
    "## Predict\nWhich one\nis it?\n## Look\nIt was {async: acked_lost}.\n## Why\nBecause.\n";

TEST(Lesson, HasATitleAScenarioClaimsAndThreeTexts) {
  const auto lessons = ParseLessons(absl::StrCat(kOne, "\n", kOne));
  ASSERT_TRUE(lessons.ok()) << lessons.status();
  ASSERT_EQ(lessons->size(), 2u);
  EXPECT_EQ(lessons->at(1).title, "A title");
  EXPECT_EQ(lessons->at(1).scenario, "quickstart");
  EXPECT_THAT(lessons->at(1).claims, ElementsAre("{acked_lost: \"== 0\"}"));
  EXPECT_EQ(lessons->at(0).predict, "Which one is it?");
  EXPECT_EQ(lessons->at(0).why, "Because.");
}

TEST(Lesson, ThatLacksAPartIsRefusedAndSoIsAnotherLine) {
  EXPECT_THAT(ParseLessons("# T\nscenario: s\n").status().message(), HasSubstr("'T' lacks a part"));
  EXPECT_THAT(ParseLessons("# T\nfoo: s\n").status().message(), HasSubstr("line 2: expected"));
  EXPECT_THAT(ParseLessons("# T\n## Guess\n").status().message(), HasSubstr("line 2: expected"));
  EXPECT_THAT(ParseLessons("text\n").status().message(), HasSubstr("line 1: expected '# TITLE'"));
}

proto::Report Report() {
  proto::Report report;
  proto::RunReport& run = *report.add_runs();
  run.set_variant("async");
  run.mutable_writes()->set_acked_lost(1528);
  return report;
}

TEST(Lesson, QuotesTheNumbersOfTheRunAsTheTableShowsThem) {
  EXPECT_EQ(*WithNumbers("{async: acked_lost} were lost.", Report()), "1,528 were lost.");
  EXPECT_EQ(*WithNumbers("none", Report()), "none");
}

TEST(Lesson, ANumberThatTheRunDoesNotHaveIsAnError) {
  const auto fails = [](const char* text) {
    return std::string(WithNumbers(text, Report()).status().message());
  };
  EXPECT_THAT(fails("{sync: acked_lost}"), HasSubstr("no variant 'sync'"));
  EXPECT_THAT(fails("{async: acked_list}"), HasSubstr("'acked_list' is no metric"));
  EXPECT_THAT(fails("{async: rpo_ms}"), HasSubstr("unknown in this run"));
  EXPECT_THAT(fails("{async"), HasSubstr("without '}'"));
}

TEST(Lesson, ThereAreTen) { EXPECT_EQ(Lessons().size(), 10u); }

}  // namespace
}  // namespace replsim::lesson_test
