// A node too far behind the primary does not stand (failover.lag_max): what primaries, witnesses
// and replicas tell each other about the size of the primary's log, and what a candidate does.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "common/election/witness_core.h"
#include "primary/core/primary_core.h"
#include "replica/core/replica_core.h"
#include "tests/unit/core_driver.h"
#include "tests/unit/record_batches.h"

namespace replsim::lag_max_test {
namespace {

const StreamId kStream(1);
const EpochHistory kEpochOne({{Epoch(1), Lsn(1)}});

// r1 with ten records and 1000 bytes, and w1, which alone votes. The limit is 100 bytes.
class LagMaxTest : public testing::Test {
 protected:
  LagMaxTest() {
    options_.primary = NodeId("p");
    options_.election.knobs.suspect_after = Millis(100);
    options_.election.knobs.voters = Voters::kWitnesses;
    options_.election.knobs.lag_max = 100;
    options_.election.others = {NodeId("p"), NodeId("w1")};
    options_.election.witnesses = {NodeId("w1")};
    Start();
  }
  void Start() {
    CoreStart start{NodeId("r1"), Epoch(1), kEpochOne, Lsn(10), Lsn(10), Lsn(10)};
    start.log_bytes = 1000;
    driver_.emplace(std::make_unique<ReplicaCore>(options_, start, AtMs(1000)));
  }
  // The primary sends records after `last` and says that its log has this many bytes.
  void Hear(uint64_t log_bytes, BatchPtr batch = nullptr) {
    driver_->Do(StreamOpened{kStream});
    driver_->Do(MessageReceived{kStream, Welcome{Epoch(1), kEpochOne, Lsn(10), Lsn(10), {}}});
    driver_->Do(MessageReceived{
        kStream, Append{Epoch(1), Lsn(10), Instant(), std::move(batch), false, log_bytes}});
  }
  // Whether it asks for votes, after as many rounds of pre-votes as fit in half a second.
  bool Stands(LogSize told) {
    for (int i = 0; i < 50; ++i) {
      driver_->Wait(Millis(10));
      if (driver_->All<AskPeer>().empty()) continue;
      if (AsksForVotes()) return true;
      Vote vote{{Epoch(2), {}, true, false}, true, Epoch(1)};
      vote.primary_log = told;
      driver_->Do(PeerAnswered{NodeId("w1"), vote},
                  PeerAnswered{NodeId("p"), Vote{{Epoch(2), {}, true, false}, true, Epoch(1)}});
      if (AsksForVotes()) return true;
    }
    return false;
  }
  bool AsksForVotes() const {
    const auto asks = driver_->All<AskPeer>();
    return !asks.empty() && !std::get<VoteRequest>(asks[0].request).pre_vote;
  }

  ReplicaOptions options_;
  std::optional<CoreDriver> driver_;
};

TEST_F(LagMaxTest, AWitnessMayTellThatTheReplicaIsTooFarBehind) {
  EXPECT_TRUE(Stands({Epoch(1), 1100}));
  Start();
  EXPECT_FALSE(Stands({Epoch(1), 1101}));
  options_.election.knobs.lag_max.reset();
  Start();
  EXPECT_TRUE(Stands({Epoch(1), 1101}));
}

TEST_F(LagMaxTest, OrThePrimaryHasToldIt) {
  Hear(1101);
  EXPECT_FALSE(Stands({}));
  options_.election.knobs.pre_vote = false;
  Start();
  Hear(1101);
  EXPECT_FALSE(Stands({}));
  Start();
  Hear(1100);
  EXPECT_TRUE(Stands({}));
}

TEST_F(LagMaxTest, WhatItReceivesCountsAndWhatItTruncatesNoLonger) {
  const BatchPtr batch = MakeBatch(1, 11, 12);
  Hear(1100 + batch->bytes.size(), batch);
  EXPECT_TRUE(Stands({}));
  Start();
  Hear(1101 + batch->bytes.size(), batch);
  EXPECT_FALSE(Stands({}));
  // Back to ten records: it lacks the batch as well.
  Start();
  Hear(1100 + batch->bytes.size(), batch);
  driver_->Do(StreamClosed{kStream});
  driver_->Wait(Millis(50));
  const StreamId again = driver_->All<Dial>().at(0).stream;
  driver_->Do(StreamOpened{again});
  driver_->Do(MessageReceived{again, Welcome{Epoch(1), kEpochOne, Lsn(10), Lsn(10), {}}});
  driver_->Do(LogTruncated{Lsn(10), 2, 1000});
  EXPECT_FALSE(Stands({}));
}

TEST_F(LagMaxTest, ALaterPrimaryWithAShorterLogReplacesTheOneBefore) {
  Hear(5000);
  EXPECT_TRUE(Stands({Epoch(2), 1050}));
  Start();
  Hear(1000);
  EXPECT_TRUE(Stands({Epoch(0), 5000}));
}

TEST_F(LagMaxTest, AnOperatorDoesNotPromoteOneThatIsTooFarBehind) {
  Hear(1101);
  driver_->Do(StandRequest{});
  EXPECT_TRUE(driver_->All<AskPeer>().empty());
}

TEST_F(LagMaxTest, APickedOneRefuses) {
  options_.election.knobs.initiator = Initiator::kWitness;
  const auto accepts = [&](uint64_t bytes) {
    Start();
    driver_->Do(PeerAsked{NodeId("w1"), PickRequest{Epoch(2), true, {Epoch(1), bytes}}, AskId(7)});
    return std::get<PickAnswer>(driver_->All<AnswerPeer>().at(0).answer).granted;
  };
  EXPECT_TRUE(accepts(1100));
  EXPECT_FALSE(accepts(1101));
}

TEST(LagMaxWitness, SaysWhatThePrimaryToldIt) {
  ElectionOptions options;
  options.knobs.suspect_after = Millis(100);
  options.others = {NodeId("p"), NodeId("r1")};
  CoreStart start;
  start.id = NodeId("w1");
  start.epoch = Epoch(3);
  CoreDriver driver(std::make_unique<WitnessCore>(options, start, AtMs(1000)));
  const auto told = [&] {
    driver.Do(PeerAsked{NodeId("r1"), VoteRequest{Epoch(4), {}, true, false}, AskId(1)});
    return std::get<Vote>(driver.All<AnswerPeer>().at(0).answer).primary_log;
  };
  EXPECT_EQ(told().bytes, 0u);
  driver.Do(PeerAsked{NodeId("p"), Announcement{Epoch(3), AtMs(990), {}, 700}, AskId(2)});
  EXPECT_EQ(told().bytes, 700u);
  EXPECT_EQ(told().epoch, Epoch(3));
  driver.Do(PeerAsked{NodeId("r1"), Announcement{Epoch(2), AtMs(990), {}, 900}, AskId(3)});
  EXPECT_EQ(told().bytes, 700u) << "of a primary that was replaced";
}

}  // namespace
}  // namespace replsim::lag_max_test
