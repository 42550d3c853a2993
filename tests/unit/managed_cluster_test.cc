#include "simulator/cluster/managed/managed_cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/unit/manual_scheduler.h"

namespace replsim::managed_cluster_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

proto::Scenario ThreeReplicas() {
  proto::Scenario scenario;
  scenario.mutable_cluster()->set_replicas(3);
  return scenario;
}

// The cluster p, r1, r2 and r3, which p leads. Messages to nodes are only recorded; the test
// answers them.
class NotedCluster final : public ManagedCluster {
 public:
  explicit NotedCluster(Scheduler* scheduler, const proto::Scenario& scenario = ThreeReplicas())
      : ManagedCluster(scenario, scheduler, Rng(1)) {
    for (const NodeId& node : nodes()) {
      states[node] = NodeState::kUp;
      BeginStart(node);
    }
  }

  using ManagedCluster::BeginStart;
  using ManagedCluster::ConfigFor;
  using ManagedCluster::IsStarted;
  using ManagedCluster::KeepApplyDelay;
  using ManagedCluster::NodeWasElected;
  void Promote(const NodeId& node, Done done) override { PromoteChosen(node, std::move(done)); }
  // Ends the promotion of `node` in progress.
  void EndPromotion(const std::string& node, const absl::Status& status) {
    promotions.extract(node).mapped()(status);
  }
  void Die(const NodeId& node) {
    states[node] = NodeState::kDown;
    epochs().Died(node);
  }

  NodeState state(const NodeId& node) const override { return states.at(node); }
  std::string kind() const override { return "noted"; }
  void Write(uint64_t client, uint64_t, absl::string_view key, absl::string_view, Instant deadline,
             OperationDone done) override {
    router().Write(
        router().RouteOf(client), deadline,
        [this, key = std::string(key)](const WriteRouter::Route& route, Instant, OperationDone) {
          messages.push_back(absl::StrCat("write ", key, " to ", route.node.name()));
        },
        std::move(done));
  }
  void Read(uint64_t, const NodeId&, absl::string_view, ReadMode, Position, Instant,
            OperationDone) override {}
  void Start(Done) override {}
  void Describe(absl::AnyInvocable<void(Statuses)>) override {}
  void Scan(const NodeId&, Scanned) override {}
  void Disconnect() override {}

  std::map<NodeId, NodeState> states;
  std::set<NodeId> unreachable;  // for the clients
  std::vector<std::string> messages;
  std::map<std::string, Done> promotions;  // in progress, by node

 private:
  bool IsConnected(size_t, const NodeId& node) const override {
    return !unreachable.contains(node);
  }
  bool CanBeTold(const NodeId& node) const override { return state(node) == NodeState::kUp; }
  void PromoteNode(const NodeId& node, Epoch epoch, const std::vector<NodeId>& followers,
                   Done done) override {
    std::vector<std::string> names;
    for (const NodeId& follower : followers) names.push_back(follower.name());
    messages.push_back(absl::StrCat("promote ", node.name(), " to epoch ", epoch.value(), " with ",
                                    absl::StrJoin(names, ",")));
    promotions[node.name()] = std::move(done);
  }
  void TellToStand(const NodeId& node, Done done) override {
    messages.push_back(absl::StrCat(node.name(), " stands"));
    done(absl::OkStatus());
  }
  void TellToSwitchOver(const NodeId& node, const NodeId& target, Done done) override {
    messages.push_back(absl::StrCat(node.name(), " hands over to ", target.name()));
    done(absl::OkStatus());
  }
  void TellToStepDown(const NodeId& node, Done done) override {
    messages.push_back(absl::StrCat(node.name(), " stops leading"));
    done(absl::OkStatus());
  }
  void TellToFollow(const NodeId& node, const NodeId& primary, Epoch epoch) override {
    messages.push_back(
        absl::StrCat(node.name(), " follows ", primary.name(), " of ", epoch.value()));
  }
};

class ManagedClusterTest : public testing::Test {
 protected:
  // Promotes, and notes how that ends.
  void Promote(const std::string& node) {
    cluster_.Promote(NodeId(node), [this](absl::Status status) { ended_.push_back(status); });
  }

  ManualScheduler scheduler_;
  NotedCluster cluster_{&scheduler_};
  std::vector<absl::Status> ended_;
};

TEST_F(ManagedClusterTest, APromotedNodeLeadsAndTheOtherReplicasAreToldToFollowIt) {
  Promote("r2");
  EXPECT_THAT(cluster_.messages, ElementsAre("promote r2 to epoch 2 with r1,r3"));
  EXPECT_EQ(cluster_.primary(), NodeId("p")) << "it does not lead yet";
  cluster_.messages.clear();
  cluster_.EndPromotion("r2", absl::OkStatus());
  EXPECT_EQ(cluster_.primary(), NodeId("r2"));
  EXPECT_EQ(cluster_.primary_for(7), NodeId("r2"));
  EXPECT_THAT(cluster_.messages, ElementsAre("r1 follows r2 of 2", "r3 follows r2 of 2"));
  EXPECT_THAT(ended_, ElementsAre(absl::OkStatus()));
}

TEST_F(ManagedClusterTest, ANodeThatIsNotUpIsNoFollower) {
  cluster_.states[NodeId("r1")] = NodeState::kPaused;
  Promote("r2");
  EXPECT_THAT(cluster_.messages, ElementsAre("promote r2 to epoch 2 with r3"));
}

TEST_F(ManagedClusterTest, ANodeThatIsNotUpCannotBePromotedAndCostsNoEpoch) {
  Promote("");
  cluster_.states[NodeId("r1")] = NodeState::kStarting;
  Promote("r1");
  ASSERT_EQ(ended_.size(), 2u);
  EXPECT_EQ(ended_[0].message(), "there is no live replica to promote");
  EXPECT_EQ(ended_[1].message(), "r1 is starting");
  EXPECT_THAT(cluster_.messages, IsEmpty());
  EXPECT_EQ(cluster_.ConfigFor(NodeId("r1")).epoch_floor(), 1u);
}

TEST_F(ManagedClusterTest, AfterAPromotionThatFailsTheOldPrimaryLeads) {
  Promote("r2");
  cluster_.messages.clear();
  cluster_.EndPromotion("r2", absl::AbortedError("it died"));
  EXPECT_EQ(cluster_.primary(), NodeId("p"));
  EXPECT_THAT(cluster_.messages, IsEmpty());
  EXPECT_THAT(ended_, ElementsAre(absl::AbortedError("it died")));
}

TEST_F(ManagedClusterTest, APromotionThatAHigherEpochHasOvertakenChangesNothing) {
  Promote("r1");
  Promote("r2");
  cluster_.EndPromotion("r2", absl::OkStatus());
  cluster_.messages.clear();
  cluster_.EndPromotion("r1", absl::OkStatus());
  EXPECT_EQ(cluster_.primary(), NodeId("r2"));
  EXPECT_THAT(cluster_.messages, IsEmpty());
  EXPECT_THAT(ended_, ElementsAre(absl::OkStatus(), absl::OkStatus()));
}

TEST_F(ManagedClusterTest, WritesThatWaitGoToThePromotedNode) {
  cluster_.Die(NodeId("p"));
  cluster_.unreachable = {NodeId("p")};
  cluster_.Write(7, 1, "k1", "", scheduler_.Now() + Millis(50), [](const OperationResult&) {});
  Promote("r1");
  cluster_.messages.clear();
  cluster_.EndPromotion("r1", absl::OkStatus());
  EXPECT_THAT(cluster_.messages,
              ElementsAre("r2 follows r1 of 2", "r3 follows r1 of 2", "write k1 to r1"));
}

TEST_F(ManagedClusterTest, ANodeThatStartsIsToldWhoWillLead) {
  EXPECT_EQ(cluster_.ConfigFor(NodeId("r1")).primary(), "p");
  Promote("r2");
  const proto::NodeConfig config = cluster_.ConfigFor(NodeId("r1"));
  EXPECT_EQ(config.primary(), "r2");
  EXPECT_EQ(config.epoch_floor(), 2u);
  EXPECT_THAT(config.nodes(), ElementsAre("p", "r1", "r2", "r3"));
}

TEST_F(ManagedClusterTest, ANodeThatAppliesSlowlyDoesSoInItsNextProcessToo) {
  const NodeId r1("r1");
  EXPECT_EQ(cluster_.KeepApplyDelay(r1, Millis(4)), std::nullopt) << "the node must be told";
  EXPECT_EQ(cluster_.ConfigFor(r1).apply_delay().ns(), 4'000'000);
  cluster_.Die(r1);
  EXPECT_TRUE(absl::IsFailedPrecondition(cluster_.KeepApplyDelay(r1, Millis(9)).value()));
  EXPECT_EQ(cluster_.ConfigFor(r1).apply_delay().ns(), 4'000'000);
  EXPECT_EQ(cluster_.KeepApplyDelay(r1, Nanos(0)), absl::OkStatus()) << "there is no one to tell";
  EXPECT_EQ(cluster_.ConfigFor(r1).apply_delay().ns(), 0);
}

TEST_F(ManagedClusterTest, AStartIsCompleteWhenEveryReplicaStreamsAndEveryClientIsConnected) {
  CoreDescription primary;
  primary.peers.resize(2);
  primary.peers[0].streaming = true;
  EXPECT_FALSE(cluster_.IsStarted(primary));
  primary.peers[1].streaming = true;
  EXPECT_TRUE(cluster_.IsStarted(primary));
  cluster_.unreachable = {NodeId("r3")};
  EXPECT_FALSE(cluster_.IsStarted(primary));
}

// --- elections ---

proto::Scenario Electing() {
  proto::Scenario scenario = ThreeReplicas();
  scenario.mutable_failover()->mutable_suspect_after()->set_ns(1'000'000);
  return scenario;
}

class ElectingClusterTest : public testing::Test {
 protected:
  void Elect(const char* node, uint64_t epoch) {
    cluster_.NodeWasElected(NodeId(node), Epoch(epoch), Lsn(7), scheduler_.Now());
  }
  Cluster::Done Into() {
    return [this](const absl::Status& status) { ended_.emplace_back(status.message()); };
  }

  ManualScheduler scheduler_;
  NotedCluster cluster_{&scheduler_, Electing()};
  std::vector<std::string> ended_;
};

TEST_F(ElectingClusterTest, WatchesWhichNodeIsElected) {
  Elect("r2", 5);
  EXPECT_EQ(cluster_.primary(), NodeId("r2"));
  Elect("r1", 4);  // heard of late
  EXPECT_EQ(cluster_.primary(), NodeId("r2"));
}

TEST_F(ElectingClusterTest, ANodeThatStartsAgainIsAReplicaAndIsNotToldWhichNodeLeads) {
  EXPECT_EQ(cluster_.ConfigFor(NodeId("r1")).primary(), "p");
  const uint64_t first = cluster_.ConfigFor(NodeId("p")).election_seed();
  EXPECT_FALSE(cluster_.BeginStart(NodeId("p")));
  EXPECT_EQ(cluster_.ConfigFor(NodeId("p")).primary(), "");
  EXPECT_NE(cluster_.ConfigFor(NodeId("p")).election_seed(), first);
}

TEST_F(ElectingClusterTest, APromotionMakesTheNodeStandAndEndsWithItsElection) {
  cluster_.Promote(NodeId("r1"), Into());
  EXPECT_THAT(cluster_.messages, ElementsAre("r1 stands"));
  EXPECT_THAT(ended_, IsEmpty());
  Elect("r1", 2);
  EXPECT_THAT(ended_, ElementsAre(""));
}

TEST_F(ElectingClusterTest, APromotionFailsIfAnotherNodeIsElectedOrNoneInTime) {
  cluster_.Promote(NodeId("r1"), Into());
  Elect("r2", 2);
  EXPECT_THAT(ended_, ElementsAre("r2 was elected instead of r1"));
  cluster_.Promote(NodeId("r1"), Into());
  scheduler_.RunFor(Millis(5001));
  EXPECT_THAT(ended_, ElementsAre("r2 was elected instead of r1", "r1 was not elected in time"));
}

TEST_F(ElectingClusterTest, ADemotionTellsTheNodeAndWaitsForNoElection) {
  cluster_.Demote(NodeId("p"), Into());
  scheduler_.Settle();
  EXPECT_THAT(cluster_.messages, ElementsAre("p stops leading"));
  EXPECT_THAT(ended_, ElementsAre(""));
  cluster_.states[NodeId("p")] = NodeState::kPaused;
  cluster_.Demote(NodeId("p"), Into());
  scheduler_.Settle();
  EXPECT_THAT(ended_, ElementsAre("", "p is not running"));
}

TEST_F(ElectingClusterTest, ASwitchoverAsksThePrimaryAndEndsWithAnyElection) {
  cluster_.SwitchOver(NodeId(), Into());
  scheduler_.Settle();
  EXPECT_THAT(cluster_.messages, ElementsAre("p hands over to "));
  Elect("r3", 2);
  EXPECT_THAT(ended_, ElementsAre(""));
  cluster_.SwitchOver(NodeId("r3"), Into());
  scheduler_.Settle();
  EXPECT_THAT(ended_, ElementsAre("", "r3 leads already"));
}

}  // namespace
}  // namespace replsim::managed_cluster_test
