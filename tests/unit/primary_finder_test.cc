// Clients that ask the nodes which one leads.
#include "simulator/cluster/managed/primary_finder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/unit/manual_scheduler.h"

namespace replsim::primary_finder_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PrimaryFinderTest : public testing::Test {
 protected:
  PrimaryFinderTest() : finder_(Options(), Millis(100), &scheduler_) {}

  PrimaryLookup::Options Options() {
    PrimaryLookup::Options options;
    options.sites = 2;
    options.nodes = {NodeId("p"), NodeId("r1")};
    options.ask = [this](size_t site, const NodeId& node, Instant,
                         absl::AnyInvocable<void(bool)> leads) {
      ++asked_;
      answers_[absl::StrCat(site, node.name())] = std::move(leads);
    };
    options.found = [this](size_t site, const NodeId& primary) {
      found_.push_back(absl::StrCat(site, ": ", primary.name()));
    };
    return options;
  }
  void Answer(const std::string& node, bool leads) { answers_.extract(node).mapped()(leads); }

  ManualScheduler scheduler_;
  std::map<std::string, absl::AnyInvocable<void(bool)>> answers_;
  std::vector<std::string> found_;
  int asked_ = 0;
  PrimaryFinder finder_;
};

TEST_F(PrimaryFinderTest, AsksEveryNodeAndTakesTheFirstThatLeads) {
  finder_.Doubt(0, NodeId("p"));
  EXPECT_TRUE(finder_.is_searching(0));
  EXPECT_FALSE(finder_.is_searching(1));
  EXPECT_EQ(asked_, 2);
  Answer("0r1", true);
  EXPECT_THAT(found_, ElementsAre("0: r1"));
  EXPECT_FALSE(finder_.is_searching(0));
}

TEST_F(PrimaryFinderTest, AsksAgainUntilANodeLeads) {
  finder_.Doubt(0, NodeId("p"));
  Answer("0r1", false);
  scheduler_.RunFor(Millis(100));
  EXPECT_EQ(asked_, 4);
  EXPECT_THAT(found_, IsEmpty());
  Answer("0r1", true);
  EXPECT_THAT(found_, ElementsAre("0: r1"));
}

TEST_F(PrimaryFinderTest, AnotherNodeThatLeadsIsBelievedBeforeTheDoubtedOne) {
  finder_.Doubt(0, NodeId("p"));
  Answer("0p", true);
  EXPECT_THAT(found_, IsEmpty());
  Answer("0r1", true);
  EXPECT_THAT(found_, ElementsAre("0: r1"));
}

TEST_F(PrimaryFinderTest, TheDoubtedNodeIsBelievedIfNoOtherLeads) {
  finder_.Doubt(0, NodeId("p"));
  Answer("0p", true);
  Answer("0r1", false);
  EXPECT_THAT(found_, ElementsAre("0: p"));
  finder_.Doubt(1, NodeId("p"));
  Answer("1p", true);  // r1 does not answer
  scheduler_.RunFor(Millis(100));
  EXPECT_THAT(found_, ElementsAre("0: p", "1: p"));
}

TEST_F(PrimaryFinderTest, AnAnswerToAnEarlierRoundIsIgnored) {
  finder_.Doubt(0, NodeId("p"));
  absl::AnyInvocable<void(bool)> late = std::move(answers_["0r1"]);
  scheduler_.RunFor(Millis(100));
  late(true);
  EXPECT_THAT(found_, IsEmpty());
}

TEST_F(PrimaryFinderTest, AfterTheEndNothingIsCalled) {
  finder_.Doubt(0, NodeId("p"));
  finder_.Drop();
  Answer("0r1", true);
  scheduler_.RunFor(Millis(300));
  EXPECT_EQ(asked_, 2);
  EXPECT_THAT(found_, IsEmpty());
}

}  // namespace
}  // namespace replsim::primary_finder_test
