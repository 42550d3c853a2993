// A proxy that checks which node leads.
#include "simulator/cluster/managed/primary_proxy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/unit/manual_scheduler.h"

namespace replsim::primary_proxy_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Nodes answer at the instant of the question; those in neither set do not answer.
class PrimaryProxyTest : public testing::Test {
 protected:
  PrimaryProxyTest()
      : proxy_(Options(), {Millis(100), /*rise=*/2, /*fall=*/3}, NodeId("p"), &scheduler_) {}

  PrimaryLookup::Options Options() {
    PrimaryLookup::Options options;
    options.sites = 2;
    options.nodes = {NodeId("p"), NodeId("r1")};
    options.ask = [this](size_t, const NodeId& node, Instant,
                         absl::AnyInvocable<void(bool)> leads) {
      ++asked_;
      const bool says_yes = lead_.contains(node.name());
      if (!says_yes && !deny_.contains(node.name())) return;
      scheduler_.At(scheduler_.Now(),
                    [says_yes, leads = std::move(leads)]() mutable { leads(says_yes); });
    };
    options.found = [this](size_t site, const NodeId& primary) {
      found_.push_back(absl::StrCat(site, ": ", primary.name()));
    };
    return options;
  }
  void RunFor(Nanos time) { scheduler_.RunUntil(scheduler_.Now() + time); }

  ManualScheduler scheduler_;
  std::set<std::string> lead_{"p"};
  std::set<std::string> deny_{"r1"};
  std::vector<std::string> found_;
  int asked_ = 0;
  PrimaryProxy proxy_;
};

TEST_F(PrimaryProxyTest, ChecksEveryNodeFromTheFirstWriteOn) {
  RunFor(Millis(500));
  EXPECT_EQ(asked_, 0);
  proxy_.Use(0);
  proxy_.Use(0);
  RunFor(Millis(250));
  EXPECT_EQ(asked_, 6);
  EXPECT_FALSE(proxy_.is_searching(0));
  EXPECT_THAT(found_, IsEmpty());
}

TEST_F(PrimaryProxyTest, TheFirstNodeStaysUntilItHasFailedEnoughChecks) {
  proxy_.Use(0);
  RunFor(Millis(150));
  deny_.insert("p");
  lead_.clear();
  RunFor(Millis(200));
  EXPECT_FALSE(proxy_.is_searching(0)) << "after two failed checks";
  RunFor(Millis(100));
  EXPECT_TRUE(proxy_.is_searching(0));
  EXPECT_FALSE(proxy_.is_searching(1)) << "the other site has not used its proxy";
}

TEST_F(PrimaryProxyTest, ANodeThatDoesNotAnswerFailsTheCheckAtTheNext) {
  lead_.clear();
  proxy_.Use(0);
  RunFor(Millis(299));
  EXPECT_FALSE(proxy_.is_searching(0));
  RunFor(Millis(2));
  EXPECT_TRUE(proxy_.is_searching(0));
}

TEST_F(PrimaryProxyTest, ANewPrimaryReceivesWritesAfterEnoughSuccesses) {
  lead_ = {"r1"};
  deny_ = {};
  proxy_.Use(0);
  RunFor(Millis(350));
  EXPECT_THAT(found_, ElementsAre("0: r1"));
  EXPECT_FALSE(proxy_.is_searching(0));
}

TEST_F(PrimaryProxyTest, OneFailedCheckBetweenSuccessesStartsTheCountAgain) {
  proxy_.Use(0);
  RunFor(Millis(50));
  for (int i = 0; i < 4; ++i) {
    lead_ = {"r1"};
    RunFor(Millis(100));
    lead_ = {};
    RunFor(Millis(100));
  }
  EXPECT_TRUE(proxy_.is_searching(0));
  EXPECT_THAT(found_, IsEmpty());
}

TEST_F(PrimaryProxyTest, ANodeThatFailedAWriteGivesWayToOneThatIsUp) {
  lead_ = {"r1"};
  proxy_.Use(0);
  proxy_.Doubt(0, NodeId("p"));
  RunFor(Millis(50));
  EXPECT_THAT(found_, IsEmpty()) << "r1 has said yes once";
  RunFor(Millis(100));
  EXPECT_THAT(found_, ElementsAre("0: r1"));
}

// Both led once, and died before a check has found out.
TEST_F(PrimaryProxyTest, TwoNodesThatFailEveryWriteDoNotHandItToEachOtherForEver) {
  lead_ = {"p", "r1"};
  proxy_.Use(0);
  RunFor(Millis(150));
  proxy_.Doubt(0, NodeId("p"));
  RunFor(Millis(1));
  EXPECT_THAT(found_, ElementsAre("0: r1"));
  proxy_.Doubt(0, NodeId("r1"));
  RunFor(Millis(1));
  EXPECT_THAT(found_, ElementsAre("0: r1"));
  RunFor(Millis(100));
  EXPECT_THAT(found_, ElementsAre("0: r1")) << "it says again that it leads";
}

TEST_F(PrimaryProxyTest, ADoubtEndsWhenTheNodeSaysThatItLeads) {
  proxy_.Use(0);
  lead_ = {"p", "r1"};
  proxy_.Doubt(0, NodeId("p"));
  RunFor(Millis(500));
  EXPECT_THAT(found_, IsEmpty());
}

TEST_F(PrimaryProxyTest, StaysWithItsTargetWhileThatSaysYes) {
  lead_ = {"p", "r1"};
  proxy_.Use(0);
  RunFor(Millis(1000));
  EXPECT_THAT(found_, IsEmpty());
}

TEST_F(PrimaryProxyTest, EndsWhenItIsDropped) {
  proxy_.Use(0);
  RunFor(Millis(150));
  proxy_.Drop();
  const int asked = asked_;
  RunFor(Millis(500));
  EXPECT_EQ(asked_, asked);
}

}  // namespace
}  // namespace replsim::primary_proxy_test
