#include "simulator/cluster/managed/write_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "tests/unit/manual_scheduler.h"

namespace replsim::write_router_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kTwoSites[] = R"(
    groups { name: "east" nodes: "p" nodes: "client@east" }
    groups { name: "west" nodes: "r1" nodes: "r2" nodes: "client@west" })";
// A client of each site; clients are spread over the sites in turn.
constexpr uint64_t kEast = 0;
constexpr uint64_t kWest = 1;

// A cluster p, r1, r2 that p leads, and writes that note where they are sent.
class WriteRouterTest : public testing::Test {
 protected:
  void Build(const std::string& cluster_text) {
    proto::Cluster cluster;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(cluster_text, &cluster));
    router_ = std::make_unique<WriteRouter>(
        ClientSites(cluster, {NodeId("p"), NodeId("r1"), NodeId("r2")}), &epochs_, lookup_.get(),
        [this](size_t site, const NodeId& node) {
          return !cut_.contains(absl::StrCat(site, node.name()));
        },
        &scheduler_);
  }
  void Promote(const std::string& node) {
    ASSERT_TRUE(epochs_.EndPromotion(NodeId(node), epochs_.BeginPromotion(NodeId(node)), true));
    router_->Leads(NodeId(node));
  }
  void Write(uint64_t client, const std::string& name) {
    router_->Write(
        router_->RouteOf(client), scheduler_.Now() + Millis(50),
        [this, name](const WriteRouter::Route& route, Instant, OperationDone done) {
          sent_.push_back(absl::StrCat(name, " to ", route.node.name()));
          sent_done_.push_back(std::move(done));
        },
        [this, name](const OperationResult& result) {
          answers_.push_back(absl::StrCat(name, " ", proto::Reason_Name(result.reason)));
        });
  }
  // Answers the write sent last.
  void Answer(proto::Outcome outcome, proto::Reason reason) {
    OperationResult result;
    result.outcome = outcome;
    result.reason = reason;
    sent_done_.back()(std::move(result));
  }

  ManualScheduler scheduler_;
  PrimaryEpochs epochs_{NodeId("p"), /*elects=*/false};
  std::set<std::string> cut_;  // "0p": site 0 is not connected to p
  std::unique_ptr<PrimaryLookup> lookup_;
  std::unique_ptr<WriteRouter> router_;
  std::vector<std::string> sent_;
  std::vector<OperationDone> sent_done_;
  std::vector<std::string> answers_;
};

TEST_F(WriteRouterTest, AWriteGoesToThePrimaryAtOnceWhereItCanBeReached) {
  Build("");
  Write(7, "a");
  Promote("r2");
  Write(7, "b");
  EXPECT_THAT(sent_, ElementsAre("a to p", "b to r2"));
}

TEST_F(WriteRouterTest, AWriteThatReachesNoPrimaryWaitsForTheNextOne) {
  Build("");
  cut_ = {"0p"};
  Write(7, "a");
  EXPECT_FALSE(router_->RouteOf(7).connected);
  EXPECT_THAT(sent_, IsEmpty());
  Promote("r1");
  router_->SendWaiting();
  EXPECT_THAT(sent_, ElementsAre("a to r1"));
  Answer(proto::COMMITTED, proto::NONE);
  EXPECT_THAT(answers_, ElementsAre("a NONE"));
}

TEST_F(WriteRouterTest, ALaterWriteDoesNotOvertakeOneThatWaits) {
  Build("");
  cut_ = {"0p"};
  Write(7, "a");
  cut_ = {};
  Write(7, "b");  // p can be reached, but SendWaiting has not been called
  EXPECT_THAT(sent_, IsEmpty());
  router_->SendWaiting();
  EXPECT_THAT(sent_, ElementsAre("a to p", "b to p"));
}

TEST_F(WriteRouterTest, AWriteThatIsNotSentByItsDeadlineIsUnreachable) {
  Build("");
  cut_ = {"0p"};
  Write(7, "a");
  scheduler_.RunFor(Millis(60));
  EXPECT_THAT(answers_, ElementsAre("a UNREACHABLE"));
  cut_ = {};
  router_->SendWaiting();
  EXPECT_THAT(sent_, IsEmpty());
}

TEST_F(WriteRouterTest, EachSiteWritesToItsOwnPrimaryUntilThatOneRefuses) {
  Build(kTwoSites);
  Promote("r1");
  Write(kEast, "a");
  Write(kWest, "b");
  EXPECT_THAT(sent_, ElementsAre("a to p", "b to r1")) << "east does not hear of the promotion";

  Write(kEast, "c");
  Answer(proto::REJECTED, proto::OVERLOADED);
  EXPECT_EQ(router_->PrimaryFor(kEast), NodeId("p")) << "that was no refusal to lead";
  Write(kEast, "d");
  Answer(proto::REJECTED, proto::FENCED);
  EXPECT_EQ(router_->PrimaryFor(kEast), NodeId("r1"));
  EXPECT_THAT(answers_, ElementsAre("c OVERLOADED", "d FENCED"));
}

TEST_F(WriteRouterTest, ASiteThatCannotReachItsOwnPrimaryWritesToTheNewestOne) {
  Build(kTwoSites);
  Promote("r1");
  cut_ = {"0p"};
  Write(kEast, "a");
  EXPECT_THAT(sent_, ElementsAre("a to r1"));
  cut_ = {};
  Write(kEast, "b");
  EXPECT_THAT(sent_, ElementsAre("a to r1", "b to p"));
}

TEST_F(WriteRouterTest, SitesWaitForThemselves) {
  Build(kTwoSites);
  cut_ = {"0p"};
  Write(kEast, "a");
  Write(kWest, "b");
  EXPECT_THAT(sent_, ElementsAre("b to p"));
}

TEST_F(WriteRouterTest, WhatIsDroppedIsNeitherSentNorAnswered) {
  Build("");
  cut_ = {"0p"};
  Write(7, "a");
  router_->Drop();
  cut_ = {};
  router_->SendWaiting();
  scheduler_.RunFor(Millis(100));
  EXPECT_THAT(sent_, IsEmpty());
  EXPECT_THAT(answers_, IsEmpty());
}

// A lookup that never finds another node.
class NothingFound : public PrimaryLookup {
 public:
  bool is_searching(size_t) const override { return false; }
  void Use(size_t) override {}
  void Doubt(size_t, const NodeId&) override {}
  void Drop() override {}
};

TEST_F(WriteRouterTest, WithALookupEverySiteKnowsTheFirstPrimary) {
  lookup_ = std::make_unique<NothingFound>();
  Build(kTwoSites);
  Write(kEast, "a");
  Write(kWest, "b");
  EXPECT_THAT(sent_, ElementsAre("a to p", "b to p"));
}

}  // namespace
}  // namespace replsim::write_router_test
