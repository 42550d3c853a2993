// The drawing of a violation, and the page of `replsim check` (witness_drawing.h, check_page.h).
#include "simulator/report/page/witness_drawing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/report/page/check_page.h"

namespace replsim::witness_drawing_test {
namespace {

using testing::HasSubstr;
using testing::Not;

size_t CountOf(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

constexpr size_t kPapersDrawn = 2;  // wide and narrow

WitnessPicture TwoWritesAndARead() {
  WitnessPicture picture;
  picture.begin = 0;
  picture.end = 40;
  picture.rows = {{"client 0", true}, {"client 1", true}, {"client 2", false}};
  picture.bars = {{0, 10, 12, true, "A", 0, "wrote v1", "client 0 wrote v1"},
                  {0, 20, 22, true, "B", 1, "wrote v2", "client 0 wrote v2"},
                  {1, 31, 33, true, "C", 0, "read v1", "client 1 read v1"},
                  {2, 5, 40, false, "", 2, "wrote v3", "client 2 wrote v3, never answered"}};
  picture.arrows = {{0, 1, "v1 is before v2", 8}, {1, 2, "however: a contradiction", 9}};
  picture.faults = {{15, 25, "p killed"}};
  return picture;
}

TEST(WitnessDrawing, ShowsEachClientOperationArrowAndFault) {
  const std::string html = WitnessHtml(TwoWritesAndARead(), "Not linearizable");
  EXPECT_EQ(CountOf(html, "<svg "), kPapersDrawn);
  EXPECT_EQ(CountOf(html, "class=\"client"), 3 * kPapersDrawn);
  EXPECT_EQ(CountOf(html, "class=\"op v"), 3 * kPapersDrawn);
  EXPECT_EQ(CountOf(html, "class=\"op\""), 1 * kPapersDrawn);
  EXPECT_EQ(CountOf(html, "class=\"arrow"), 2 * kPapersDrawn);
  EXPECT_EQ(CountOf(html, "class=\"fault\""), 1 * kPapersDrawn);
  EXPECT_EQ(CountOf(html, "<li>however: a contradiction"), 1u);
  EXPECT_THAT(html, HasSubstr("(9.0 ms between them)"));
  EXPECT_THAT(html, HasSubstr("a bar that fades out was never answered"));
  EXPECT_THAT(html, HasSubstr("<li><b>C</b> client 1 read v1</li>"));
  EXPECT_THAT(html, Not(HasSubstr("not shown")));
}

TEST(WitnessDrawing, NothingLiesOutsideItsPaper) {
  WitnessPicture picture = TwoWritesAndARead();
  picture.bars[0].begin = -1000;
  picture.bars[2].end = 1000;
  picture.faults[0].end = 1000;
  const std::string html = WitnessHtml(picture, "");
  EXPECT_THAT(html, Not(HasSubstr("x=\"-")));
  EXPECT_THAT(html, Not(HasSubstr("width=\"-")));
  EXPECT_THAT(html, Not(HasSubstr("nan")));
}

TEST(WitnessDrawing, SaysWhatItLeavesOut) {
  WitnessPicture picture = TwoWritesAndARead();
  picture.left_out = 3911;
  EXPECT_THAT(WitnessHtml(picture, ""), HasSubstr("3,911 operations are not shown"));
}

TEST(WitnessDrawing, CyclesGoBackwards) {
  WitnessPicture picture = TwoWritesAndARead();
  picture.axis = WitnessPicture::Axis::kPlaces;
  picture.arrows = {{2, 0, "it did not see that", 0}, {WitnessPicture::kNoBar, 1, "initial", 0}};
  const std::string html = WitnessHtml(picture, "");
  EXPECT_EQ(CountOf(html, "class=\"head\""), 2 * kPapersDrawn);
  EXPECT_THAT(html, Not(HasSubstr(" s</text>"))) << "no times where there are none";
}

TEST(CheckPage, SaysOfEachHistoryWhatHoldsAndWhatDoesNot) {
  CheckPageHistory late;
  late.name = "late.edn";
  late.contents = "register, initially nil · 3 operations, 2 clients";
  late.assumptions = {"no times"};
  late.verdicts = {
      {"linearizable", CheckPageVerdict::Holds::kNo, "process 1 read 1", TwoWritesAndARead()},
      {"sequential", CheckPageVerdict::Holds::kYes, "", {}}};
  CheckPageHistory broken;
  broken.name = "broken.edn";
  broken.error = "broken.edn:1:1: '{' is never closed";
  CheckPageHistory mute;
  mute.name = "mute.edn";
  const std::string page = CheckPage({late, broken, mute});
  EXPECT_THAT(page, HasSubstr("<h1>3 histories: 1 violated, 1 unknown, 1 unreadable</h1>"));
  EXPECT_THAT(page, HasSubstr("<p class=\"answer\">sequential holds; linearizable does NOT hold"));
  EXPECT_THAT(page, HasSubstr("<li>no times</li>"));
  EXPECT_THAT(page, HasSubstr("&#39;{&#39; is never closed"));
  EXPECT_THAT(page, HasSubstr("this history cannot show what was asked for"));
  EXPECT_EQ(CountOf(page, "<svg "), kPapersDrawn);
  EXPECT_THAT(CheckPage({late}), Not(HasSubstr("<table"))) << "one needs no table of contents";
}

TEST(CheckPage, HostileTextsAreText) {
  const std::string evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
  WitnessPicture picture = TwoWritesAndARead();
  picture.rows[0].name = evil;
  picture.bars[0].label = picture.bars[0].text = evil;
  picture.arrows[0].because = evil;
  picture.faults[0].text = evil;
  CheckPageHistory history;
  history.name = history.contents = evil;
  history.assumptions = {evil};
  history.verdicts = {{evil, CheckPageVerdict::Holds::kNo, evil, picture}};
  CheckPageHistory unreadable;
  unreadable.name = unreadable.error = evil;
  const std::string page = CheckPage({history, unreadable});
  EXPECT_EQ(CountOf(page, "<script"), CountOf(CheckPage({}), "<script"));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
}

}  // namespace
}  // namespace replsim::witness_drawing_test
