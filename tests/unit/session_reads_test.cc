// workload.session and read_wait: which node a client reads from, and which position its reads
// carry.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "simulator/workload/load_generator.h"
#include "tests/unit/manual_scheduler.h"
#include "tests/unit/scripted_cluster.h"

namespace replsim::session_reads_test {
namespace {

using testing::Contains;
using testing::Each;
using testing::Not;
using testing::SizeIs;

Position At(uint64_t lsn) { return {Epoch(1), Lsn(lsn)}; }

// Clients that read one key after the other. Each read takes a millisecond.
class SessionReadsTest : public testing::Test {
 protected:
  SessionReadsTest() {
    cluster.node_ids = {NodeId("p"), NodeId("r1"), NodeId("r2"), NodeId("r3")};
    workload.set_clients(1);
    workload.set_style(proto::BLOCKING);
    workload.mutable_deadline()->set_ns(1'000'000'000);
    workload.mutable_arrival()->mutable_closed()->mutable_think()->set_ns(0);
    workload.mutable_mix()->set_read(1);
    workload.mutable_keys()->set_count(100);
    workload.mutable_keys()->set_distribution(proto::UNIFORM);
    workload.mutable_read_from()->set_node("any-replica");
    workload.set_read_wait(proto::NO_WAIT);
  }

  void Pin() { workload.mutable_session()->set_node(proto::PINNED); }
  void MoveEvery(Nanos time) {
    workload.mutable_session()->set_node(proto::MOVING);
    workload.mutable_session()->mutable_moves_every()->set_ns(time.count());
  }

  void Begin() {
    load.emplace(workload, &cluster, &scheduler, Rng(42), [](const Operation&) {});
    load->Begin();
    scheduler.Settle();
  }

  // Answers the oldest operation with `reason`; the next operation of its client begins.
  ScriptedCluster::Sent Step(proto::Reason reason = proto::NONE, Position position = At(1)) {
    scheduler.RunFor(Millis(1));
    ScriptedCluster::Sent& sent = cluster.sent.front();
    ScriptedCluster::Sent copy;
    copy.is_write = sent.is_write;
    copy.client = sent.client;
    copy.node = sent.node;
    copy.mode = sent.mode;
    copy.at_least = sent.at_least;
    OperationDone done = std::move(sent.done);
    cluster.sent.erase(cluster.sent.begin());
    OperationResult result;
    result.outcome = reason == proto::NONE ? proto::COMMITTED : proto::UNKNOWN;
    result.reason = reason;
    result.position = position;
    std::move(done)(std::move(result));
    scheduler.RunFor(Millis(200));  // past the pause after a failure
    return copy;
  }
  std::vector<std::string> Nodes(int reads) {
    std::vector<std::string> nodes;
    for (int i = 0; i < reads; ++i) nodes.push_back(Step().node.name());
    return nodes;
  }

  ManualScheduler scheduler;
  ScriptedCluster cluster{&scheduler};
  proto::Workload workload;
  std::optional<LoadGenerator> load;
};

TEST_F(SessionReadsTest, WithoutASessionEachReadGoesToAnyReplica) {
  Begin();
  const std::vector<std::string> nodes = Nodes(60);
  for (const char* id : {"r1", "r2", "r3"}) EXPECT_THAT(nodes, Contains(id));
}

TEST_F(SessionReadsTest, EachReadIsTheDefault) {
  Begin();
  const std::vector<std::string> without = Nodes(30);
  load.reset();
  cluster.sent.clear();
  workload.mutable_session()->set_node(proto::EACH_READ);
  Begin();
  EXPECT_EQ(Nodes(30), without);
}

TEST_F(SessionReadsTest, APinnedClientStaysAndClientsSpread) {
  workload.set_clients(30);
  Pin();
  Begin();
  std::map<uint64_t, std::set<std::string>> nodes;
  for (int i = 0; i < 300; ++i) {
    const ScriptedCluster::Sent read = Step();
    nodes[read.client].insert(read.node.name());
  }
  std::set<std::string> all;
  for (const auto& [client, of_client] : nodes) {
    EXPECT_THAT(of_client, SizeIs(1)) << "client " << client;
    all.insert(of_client.begin(), of_client.end());
  }
  EXPECT_THAT(all, SizeIs(3));
}

TEST_F(SessionReadsTest, APinnedClientLeavesANodeThatDoesNotAnswer) {
  Pin();
  for (const proto::Reason reason :
       {proto::UNREACHABLE, proto::DISCONNECTED, proto::DEADLINE, proto::NODE_STOPPED}) {
    load.reset();
    cluster.sent.clear();
    Begin();
    const std::string first = Step().node.name();
    EXPECT_EQ(Step(reason).node.name(), first);
    const std::vector<std::string> after = Nodes(20);
    EXPECT_NE(after[0], first) << proto::Reason_Name(reason);
    EXPECT_THAT(after, Each(after[0])) << "it stays at the next one";
  }
}

TEST_F(SessionReadsTest, ARefusalIsAnAnswer) {
  Pin();
  Begin();
  const std::string first = Step().node.name();
  EXPECT_EQ(Step(proto::DIVERGED).node.name(), first);
  EXPECT_EQ(Step(proto::OVERLOADED).node.name(), first);
  EXPECT_THAT(Nodes(10), Each(first));
}

TEST_F(SessionReadsTest, APinnedClientLeavesANodeThatBecomesThePrimary) {
  Pin();
  Begin();
  const std::string first = Step().node.name();
  Step();
  cluster.leader = NodeId(first);
  Step();  // sent before
  const std::vector<std::string> after = Nodes(20);
  EXPECT_THAT(after, Not(Contains(first)));
  EXPECT_THAT(after, Each(after[0]));
}

TEST_F(SessionReadsTest, APinnedClientChoosesFromAList) {
  workload.mutable_read_from()->clear_node();
  workload.mutable_read_from()->add_nodes("p");
  workload.mutable_read_from()->add_nodes("r3");
  workload.set_clients(20);
  Pin();
  Begin();
  std::set<std::string> nodes;
  for (int i = 0; i < 40; ++i) nodes.insert(Step().node.name());
  EXPECT_EQ(nodes, (std::set<std::string>{"p", "r3"}));
}

TEST_F(SessionReadsTest, AMovingClientStaysForItsTimeAndThenChangesNodes) {
  MoveEvery(Millis(2010));  // a read takes 201 ms: ten reads, then a move
  Begin();
  const std::vector<std::string> nodes = Nodes(100);
  std::vector<size_t> moves;
  for (size_t i = 1; i < nodes.size(); ++i) {
    if (nodes[i] != nodes[i - 1]) moves.push_back(i);
  }
  ASSERT_GE(moves.size(), 9u);
  EXPECT_LE(moves[0], 10u) << "the first move comes within the first time";
  for (size_t i = 1; i < moves.size(); ++i) EXPECT_EQ(moves[i] - moves[i - 1], 10u);
}

TEST_F(SessionReadsTest, MovingClientsDoNotMoveTogether) {
  workload.set_clients(20);
  MoveEvery(Millis(80'400));
  Begin();
  std::map<uint64_t, std::string> node;
  std::set<int> rounds;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 20; ++i) {
      const ScriptedCluster::Sent read = Step();
      const auto [it, fresh] = node.emplace(read.client, read.node.name());
      if (!fresh && it->second != read.node.name()) rounds.insert(round);
      it->second = read.node.name();
    }
  }
  EXPECT_GT(rounds.size(), 5u);
}

// One client that writes and reads: the positions that its reads wait for.
TEST_F(SessionReadsTest, TheTokenIsWhatTheClientWroteOrAllItHasSeen) {
  workload.mutable_mix()->set_write(1);
  for (const proto::ReadWait wait : {proto::NO_WAIT, proto::FOR_OWN_WRITES, proto::FOR_POSITION}) {
    load.reset();
    cluster.sent.clear();
    workload.set_read_wait(wait);
    Begin();
    Position written;
    Position seen;
    int waited = 0;
    for (uint64_t lsn = 1; lsn < 100; ++lsn) {
      const ScriptedCluster::Sent sent = Step(proto::NONE, At(lsn));
      if (sent.is_write) {
        written = seen = At(lsn);
        continue;
      }
      const Position token = wait == proto::FOR_POSITION ? seen : written;
      EXPECT_EQ(sent.at_least, wait == proto::NO_WAIT ? Position() : token);
      EXPECT_EQ(sent.mode, wait == proto::NO_WAIT ? ReadMode::kAny : ReadMode::kAtPosition);
      waited += seen == written ? 0 : 1;
      seen = At(lsn);
    }
    EXPECT_GT(waited, 5) << "reads after reads, where the two tokens differ";
  }
}

}  // namespace
}  // namespace replsim::session_reads_test
