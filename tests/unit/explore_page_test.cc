#include "simulator/report/page/explore_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace replsim::explore_page_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ExplorePageInput Input() {
  ExplorePageOutcome good;
  good.kind = "as-promised";
  good.as_promised = true;
  good.count = 52;
  good.first_seed = 1;
  ExplorePageOutcome loss;
  loss.kind = "unpromised-loss";
  loss.detail = "3 acknowledged writes lost: p < q";
  loss.count = 48;
  loss.first_seed = 2;
  loss.repeat = "replsim explore a.yaml --seed 2 --seeds 1";
  loss.shrunk = true;
  loss.smallest.takes = "2 faults: power-loss p, promote best";
  loss.smallest.faults = "  - {when: {at: 1s}, do: power-loss, node: p}\n";
  loss.smallest.run = "replsim run a/loss.yaml --runtime virtual";
  loss.smallest.space_time.add_lanes()->set_name("p");
  loss.smallest.space_time.add_lanes()->set_name("r1");
  loss.smallest.space_time.set_end_ms(10);
  proto::SpaceTime::Message* message = loss.smallest.space_time.add_messages();
  message->set_to(1);
  message->set_text("1:7");
  message->set_received_ms(3);
  return {"a",
          "Is it lost?",
          "replsim explore a.yaml",
          {{"async", 100, 25, {"acked_lost == 0"}, {good, loss}}}};
}

TEST(ExplorePage, HasEachOutcomeAndWhatTheSmallestTakes) {
  const std::string page = ExplorePage(Input());
  EXPECT_THAT(page, HasSubstr("<tr data-kind=\"as-promised\"><th scope=\"row\">async</th>"));
  EXPECT_THAT(page, HasSubstr("<td>48</td><td>48.00 %</td><td>2</td>"));
  EXPECT_THAT(page, HasSubstr("It takes 2 faults: power-loss p, promote best."));
  EXPECT_THAT(page, HasSubstr("{when: {at: 1s}, do: power-loss, node: p}"));
  EXPECT_THAT(page, HasSubstr("<code>replsim run a/loss.yaml --runtime virtual</code>"));
  EXPECT_THAT(page, HasSubstr("3 acknowledged writes lost: p &lt; q"));
  EXPECT_THAT(page, HasSubstr("Expectations judged: acked_lost == 0."));
}

TEST(ExplorePage, DrawsTheMessagesOfTheSmallestSchedule) {
  ExplorePageInput input = Input();
  EXPECT_THAT(ExplorePage(input), HasSubstr("Space-time diagram: 1 messages between 2 lanes"));
  EXPECT_THAT(ExplorePage(input), HasSubstr("<title>p → r1: 1:7"));
  ExplorePageSmallest& smallest = input.variants[0].outcomes[1].smallest;
  smallest.space_time.Clear();
  smallest.no_picture = "such a run leaves no recording.";
  EXPECT_THAT(ExplorePage(input), HasSubstr("No picture: such a run leaves no recording."));
  EXPECT_THAT(ExplorePage(input), Not(HasSubstr("Space-time diagram")));
}

TEST(ExplorePage, LinksOnlyToOutcomesThatWereShrunk) {
  const std::string page = ExplorePage(Input());
  EXPECT_THAT(page, HasSubstr("<a href=\"#outcome-1-2\">unpromised-loss</a>"));
  EXPECT_THAT(page, HasSubstr("<section id=\"outcome-1-2\">"));
  EXPECT_THAT(page, Not(HasSubstr("outcome-1-1")));
}

}  // namespace
}  // namespace replsim::explore_page_test
