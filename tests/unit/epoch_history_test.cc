#include "common/storage/log/epoch_history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "common/base/rng.h"

namespace replsim::epoch_history_test {
namespace {

EpochHistory History(std::vector<std::pair<uint64_t, uint64_t>> starts) {
  EpochHistory history;
  for (const auto& [epoch, start] : starts) history.Begin(Epoch(epoch), Lsn(start));
  return history;
}

Lsn Common(const EpochHistory& a, uint64_t a_last, const EpochHistory& b, uint64_t b_last) {
  const Lsn common = CommonEnd(a, Lsn(a_last), b, Lsn(b_last));
  EXPECT_EQ(common, CommonEnd(b, Lsn(b_last), a, Lsn(a_last))) << "it matters who asks";
  return common;
}

TEST(EpochHistory, KnowsTheEpochOfEveryLsn) {
  const EpochHistory history = History({{2, 5}, {4, 8}, {5, 8}});
  EXPECT_EQ(history.EpochAt(Lsn(4)), Epoch(0)) << "before any epoch";
  EXPECT_EQ(history.EpochAt(Lsn(5)), Epoch(2));
  EXPECT_EQ(history.EpochAt(Lsn(7)), Epoch(2));
  EXPECT_EQ(history.EpochAt(Lsn(8)), Epoch(5)) << "epoch 4 never got a record";
  EXPECT_EQ(history.EpochAt(Lsn(1000)), Epoch(5));
  EXPECT_EQ(history.last_epoch(), Epoch(5));
  EXPECT_EQ(EpochHistory().last_epoch(), Epoch(0));
}

TEST(EpochHistory, TruncationForgetsEpochsThatBeginLater) {
  EpochHistory history = History({{1, 1}, {2, 10}, {3, 20}});
  history.TruncateTo(Lsn(19));
  EXPECT_EQ(history, History({{1, 1}, {2, 10}}));
  history.TruncateTo(Lsn(10));
  EXPECT_EQ(history, History({{1, 1}, {2, 10}}));
  history.TruncateTo(Lsn(0));
  EXPECT_EQ(history, EpochHistory());
}

TEST(EpochHistoryDeathTest, RefusesEpochsAndStartsThatFall) {
  EXPECT_DEATH(History({{2, 1}, {2, 5}}), "epoch 2 after 2");
  EXPECT_DEATH(History({{1, 10}, {2, 9}}), "begins before");
}

TEST(CommonEnd, OfOneLogAndAShorterCopyIsTheShorterEnd) {
  const EpochHistory history = History({{1, 1}, {2, 10}});
  EXPECT_EQ(Common(history, 30, history, 30), Lsn(30));
  EXPECT_EQ(Common(history, 30, history, 12), Lsn(12));
  EXPECT_EQ(Common(history, 30, History({{1, 1}}), 7), Lsn(7)) << "behind by an epoch";
  EXPECT_EQ(Common(history, 30, EpochHistory(), 0), Lsn(0)) << "a new replica";
}

// KIP-101, scenario 1: a follower that is ahead of a leader elected without its tail.
TEST(CommonEnd, OfAnOldLeaderWithATailIsWhereTheNewEpochBegan) {
  EXPECT_EQ(Common(History({{1, 1}}), 15, History({{1, 1}, {2, 11}}), 20), Lsn(10));
  EXPECT_EQ(Common(History({{1, 1}}), 15, History({{1, 1}, {2, 11}}), 10), Lsn(10));
}

// KIP-101, scenario 2: both wrote the same LSNs in epochs of their own.
TEST(CommonEnd, OfLogsThatEachWentOnAloneIsTheEndOfTheLastSharedEpoch) {
  EXPECT_EQ(Common(History({{1, 1}, {2, 11}}), 14, History({{1, 1}, {3, 8}}), 30), Lsn(7));
  EXPECT_EQ(Common(History({{1, 1}, {2, 11}}), 14, History({{1, 1}, {3, 11}}), 30), Lsn(10));
}

TEST(CommonEnd, SkipsEpochsThatOnlyOneOfThemKnows) {
  EXPECT_EQ(Common(History({{1, 1}, {2, 5}, {3, 9}}), 12, History({{1, 1}, {2, 5}, {4, 7}}), 12),
            Lsn(6));
}

TEST(CommonEnd, TheSameEpochNumberBegunElsewhereIsNotShared) {
  EXPECT_EQ(Common(History({{1, 1}, {2, 6}}), 9, History({{1, 1}, {2, 8}}), 9), Lsn(5));
}

TEST(CommonEnd, OfStrangersIsNothing) {
  EXPECT_EQ(Common(History({{1, 1}}), 9, History({{2, 1}}), 9), Lsn(0));
}

TEST(CommonEnd, OfAnEpochWithoutRecordsIsTheEndBeforeIt) {
  EXPECT_EQ(Common(History({{1, 1}, {2, 11}}), 10, History({{1, 1}, {2, 11}, {3, 11}}), 14),
            Lsn(10));
}

// Leaders fork each other's logs at random; the common end must be what comparing the logs record
// by record gives.
TEST(CommonEnd, AgreesWithComparingTheLogsThemselves) {
  struct Node {
    std::vector<uint64_t> epochs;  // of LSN 1, 2, …
    EpochHistory history;
  };
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    std::vector<Node> nodes(3);
    for (uint64_t epoch = 1; epoch <= 6; ++epoch) {
      Node& leader = nodes[rng.Below(nodes.size())];
      const uint64_t writes = rng.Below(5);
      leader.history.Begin(Epoch(epoch), Lsn(leader.epochs.size() + 1));
      leader.epochs.insert(leader.epochs.end(), writes, epoch);
      Node& follower = nodes[rng.Below(nodes.size())];
      if (&follower == &leader) continue;
      // The follower takes over a random first part of the leader's log, and its history with it.
      follower = leader;
      follower.epochs.resize(rng.Below(leader.epochs.size() + 1));
      follower.history.TruncateTo(Lsn(follower.epochs.size()));
    }
    for (const Node& a : nodes) {
      for (const Node& b : nodes) {
        const auto parted =
            std::mismatch(a.epochs.begin(), a.epochs.end(), b.epochs.begin(), b.epochs.end());
        const auto same = static_cast<uint64_t>(parted.first - a.epochs.begin());
        EXPECT_EQ(Common(a.history, a.epochs.size(), b.history, b.epochs.size()), Lsn(same))
            << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace replsim::epoch_history_test
