// Bounded staleness by time and by versions (simulator/judge/bounded_staleness.h).
#include "simulator/judge/bounded_staleness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "simulator/judge/judge.h"
#include "tests/unit/register_histories.h"

namespace replsim::judge::bounded_staleness_test {
namespace {

using history::History;
using history::Kind;
using history::kNever;
using history::Operation;
using testing::HasSubstr;

constexpr uint32_t kX = 0;

Verdict WithinTime(const History& history, int64_t bound) {
  Terms terms;
  terms.staleness = bound;
  return Judge(history, {Guarantee::kBoundedStaleness}, Budget{}, terms).front();
}
Verdict WithinVersions(const History& history, uint64_t bound) {
  Terms terms;
  terms.versions = bound;
  return Judge(history, {Guarantee::kBoundedStaleness}, Budget{}, terms).front();
}

TEST(BoundedStaleness, AReadMayMissSoManyVersions) {
  const History history = RegisterHistory()
                              .Write(0, kX, 1)
                              .Write(1, kX, 2)
                              .Write(0, kX, 3)
                              .Read(2, kX, 1)
                              .Read(2, kX, 3)
                              .Done();
  EXPECT_EQ(WithinVersions(history, 2).holds, Holds::kYes);
  const Verdict verdict = WithinVersions(history, 1);
  EXPECT_EQ(verdict.holds, Holds::kNo);
  EXPECT_EQ(verdict.reason, "process 2 read x = 1 (line 4), 2 versions behind");
  EXPECT_THAT(verdict.witness, testing::ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(WithinVersions(history, 0).witness.size(), 3u) << "one newer write is enough";
}

TEST(BoundedStaleness, AReadMayBeSoLate) {
  // 1 is overwritten at 25, and read from 40 on.
  const History history =
      RegisterHistory().Write(0, kX, 1).Write(1, kX, 2).Write(1, 1, 3).Read(2, kX, 1).Done();
  EXPECT_EQ(WithinTime(history, 15).holds, Holds::kYes);
  EXPECT_EQ(WithinTime(history, 14).holds, Holds::kNo);
  EXPECT_THAT(WithinTime(history, 14).reason, HasSubstr("late by"));
}

TEST(BoundedStaleness, OfWritesThatOverlapItIsNotKnownWhichIsNewer) {
  const RegisterHistory both =
      RegisterHistory().Add(0, Kind::kWrite, kX, 1, 0, 10).Add(1, Kind::kWrite, kX, 2, 0, 10);
  RegisterHistory one = both;
  one.Add(2, Kind::kRead, kX, 1, 20, 30).Add(3, Kind::kRead, kX, 2, 40, 50);
  one.Add(2, Kind::kRead, kX, 1, 60, 70);
  EXPECT_EQ(WithinVersions(one.Done(), 0).holds, Holds::kUnknown);
  EXPECT_EQ(WithinVersions(one.Done(), 1).holds, Holds::kYes);
  RegisterHistory linearizable = both;
  linearizable.Add(2, Kind::kRead, kX, 1, 20, 30);
  EXPECT_EQ(WithinVersions(linearizable.Done(), 0).holds, Holds::kYes) << "2 may be the older one";
}

TEST(BoundedStaleness, NoBoundExcusesAValueFromNowhere) {
  const History history = RegisterHistory().Write(0, kX, 1).Read(0, kX, 2).Done();
  EXPECT_EQ(WithinVersions(history, 9).holds, Holds::kNo);
  EXPECT_EQ(WithinTime(history, 1'000'000).holds, Holds::kNo);
}

// The most newer writes that a read missed, in the order of one key's writes that makes it least.
uint64_t FewestByBruteForce(const History& history) {
  std::vector<size_t> writes;
  for (size_t i = 0; i < history.operations.size(); ++i) {
    if (history.operations[i].kind == Kind::kWrite) writes.push_back(i);
  }
  uint64_t fewest = writes.size() + 1;
  do {
    uint64_t most = 0;
    bool agrees = true;
    for (size_t a = 0; a < writes.size(); ++a) {
      for (size_t b = a + 1; b < writes.size(); ++b) {
        agrees &= history.operations[writes[b]].end >= history.operations[writes[a]].begin;
      }
    }
    for (const Operation& read : history.operations) {
      if (read.kind != Kind::kRead) continue;
      uint64_t missed = 0;
      bool newer = read.value == history.initial;
      for (const size_t write : writes) {
        const Operation& other = history.operations[write];
        if (newer && other.end < read.begin) ++missed;
        newer |= other.value == read.value;
      }
      most = std::max(most, missed);
    }
    if (agrees) fewest = std::min(fewest, most);
  } while (std::next_permutation(writes.begin(), writes.end()));
  return fewest;
}

TEST(BoundedStaleness, RandomHistoriesAreJudgedAsByTryingEveryOrder) {
  Rng rng(31);
  int known = 0;
  const int count = RandomHistories(4'000);
  for (int i = 0; i < count; ++i) {
    History history = DrawRegisters(&rng, 9, 1);
    history.operations.erase(
        std::remove_if(history.operations.begin(), history.operations.end(),
                       [&](const Operation& read) {
                         return read.kind == Kind::kRead &&
                                std::none_of(history.operations.begin(), history.operations.end(),
                                             [&](const Operation& write) {
                                               return read.value == history.initial ||
                                                      (write.kind == Kind::kWrite &&
                                                       write.value == read.value);
                                             });
                       }),
        history.operations.end());
    const uint64_t fewest = FewestByBruteForce(history);
    for (uint64_t bound = 0; bound < 4; ++bound) {
      const Verdict verdict = WithinVersions(history, bound);
      if (verdict.holds == Holds::kUnknown) continue;
      ++known;
      // Whatever a linearizable history misses, some order of its writes misses nothing.
      ASSERT_EQ(verdict.holds == Holds::kYes, fewest <= bound) << "history " << i;
    }
  }
  EXPECT_GT(known, 2 * count);
}

}  // namespace
}  // namespace replsim::judge::bounded_staleness_test
