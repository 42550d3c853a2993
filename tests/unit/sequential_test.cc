// Sequential consistency of histories without positions (simulator/judge/sequential.h), and what
// follows from which guarantee (implications.h).
#include "simulator/judge/sequential.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/judge/implications.h"
#include "simulator/judge/judge.h"
#include "simulator/judge/sequential_search.h"
#include "tests/unit/register_histories.h"

namespace replsim::judge::sequential_test {
namespace {

using history::History;
using history::Kind;
using history::kNever;
using history::Operation;
using testing::HasSubstr;

constexpr uint32_t kX = 0;
constexpr uint32_t kY = 1;

Verdict JudgeIt(const History& history, const Budget& budget = Budget{}) {
  return Judge(history, {Guarantee::kSequential}, budget).front();
}

TEST(Sequential, StaleReadsAreAllowedIfEveryClientMovesForward) {
  const RegisterHistory stale =
      RegisterHistory().Write(0, kX, 1).Write(0, kX, 2).Read(1, kX, 1).Read(1, kX, 2);
  const Verdict verdict = JudgeIt(stale.Done());
  EXPECT_EQ(verdict.holds, Holds::kYes);
  EXPECT_TRUE(verdict.in_order_of_time);
  RegisterHistory back = stale;
  back.Read(1, kX, 1);
  EXPECT_EQ(JudgeIt(back.Done()).holds, Holds::kNo);
}

TEST(Sequential, WritesMayBeInAnotherOrderThanThatOfTime) {
  const Verdict verdict =
      JudgeIt(RegisterHistory().Write(1, kX, 1).Write(0, kX, 2).Read(0, kX, 1).Done());
  EXPECT_EQ(verdict.holds, Holds::kYes);
  EXPECT_FALSE(verdict.in_order_of_time);
  EXPECT_EQ(verdict.reason,
            "with process 0 wrote x = 2 (line 2) before process 1 wrote x = 1 (line 1), which had "
            "ended before that began");
}

// Store buffering (J. Lamport's mutual exclusion): each client writes, and misses the other's
// write.
TEST(Sequential, TwoClientsThatMissEachOthersWrites) {
  const Verdict verdict = JudgeIt(RegisterHistory()
                                      .Add(0, Kind::kWrite, kX, 1, 0, 10)
                                      .Add(1, Kind::kWrite, kY, 2, 0, 10)
                                      .Add(0, Kind::kRead, kY, 0, 20, 30)
                                      .Add(1, Kind::kRead, kX, 0, 20, 30)
                                      .Done());
  EXPECT_EQ(verdict.holds, Holds::kNo);
  EXPECT_EQ(verdict.witness.size(), 4u);
  ASSERT_EQ(verdict.because.size(), 4u);
  EXPECT_THAT(verdict.because.back(), HasSubstr("a contradiction"));
}

TEST(Sequential, ACircleAmongThreeClients) {
  // Independent reads of independent writes.
  const Verdict verdict = JudgeIt(RegisterHistory()
                                      .Write(0, kX, 1)
                                      .Write(1, kY, 2)
                                      .Read(2, kX, 1)
                                      .Read(2, kY, 0)
                                      .Read(3, kY, 2)
                                      .Read(3, kX, 0)
                                      .Done());
  EXPECT_EQ(verdict.holds, Holds::kNo);
  EXPECT_EQ(verdict.witness.size(), 6u);
}

TEST(Sequential, ASpentBudgetIsAnsweredWithUnknown) {
  Budget spent;
  spent.is_spent = [] { return true; };
  const Verdict late = JudgeIt(RegisterHistory().Write(0, kX, 1).Done(), spent);
  EXPECT_EQ(late.holds, Holds::kUnknown);
  EXPECT_THAT(late.reason, HasSubstr("--time-limit"));
}

TEST(Sequential, RandomHistoriesAreJudgedAsByTryingEveryOrder) {
  Rng rng(21);
  int bad = 0;
  int reversed = 0;
  const int count = RandomHistories(5'000);
  for (int i = 0; i < count; ++i) {
    const History history = DrawRegisters(&rng, 10, 1 + static_cast<uint32_t>(i % 2));
    const bool holds = IsSequentialByBruteForce(history);
    bad += holds ? 0 : 1;
    const Verdict verdict = JudgeIt(history);
    ASSERT_EQ(verdict.holds, holds ? Holds::kYes : Holds::kNo)
        << "history " << i << ": " << verdict.reason;
    reversed += holds && !verdict.in_order_of_time ? 1 : 0;
  }
  EXPECT_GT(bad, count / 20);
  EXPECT_LT(bad, count - count / 20);
  EXPECT_GT(reversed, count / 100);
}

// Without the search: whatever is decided is right.
TEST(Sequential, WhatIsDecidedWithoutSearchIsRight) {
  Rng rng(22);
  Budget none;
  none.may_search = false;
  int open = 0;
  for (int i = 0; i < 5'000; ++i) {
    const History history = DrawRegisters(&rng, 14, 2);
    const Verdict verdict = JudgeIt(history, none);
    open += verdict.holds == Holds::kUnknown ? 1 : 0;
    if (verdict.holds == Holds::kUnknown) continue;
    ASSERT_EQ(verdict.holds == Holds::kYes, JudgeIt(history).holds == Holds::kYes);
  }
  EXPECT_LT(open, 50);
}

TEST(Sequential, AWitnessAloneIsAViolationAndNoneOfItsOperationsCanBeLeftOut) {
  Rng rng(23);
  int seen = 0;
  for (int i = 0; i < 2'000; ++i) {
    const History history = DrawRegisters(&rng, 12, 2);
    const Verdict verdict = JudgeIt(history);
    if (verdict.holds != Holds::kNo || verdict.witness.size() < 2) continue;
    ++seen;
    ASSERT_FALSE(IsSequentialByBruteForce(OnlyOf(history, verdict.witness))) << "history " << i;
    for (size_t out = 0; out < verdict.witness.size(); ++out) {
      std::vector<size_t> rest = verdict.witness;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(out));
      ASSERT_TRUE(IsSequentialByBruteForce(OnlyOf(history, rest)))
          << "history " << i << " without " << out;
    }
  }
  EXPECT_GT(seen, 200);
}

// Few values, and compare-and-sets.
History DrawRepeated(Rng* rng, uint64_t most) {
  RegisterHistory out;
  std::vector<int64_t> free(3, 0);
  const uint64_t count = rng->Below(most) + 1;
  for (uint64_t i = 0; i < count; ++i) {
    const auto process = static_cast<uint32_t>(rng->Below(3));
    const int64_t begin = free[process] + static_cast<int64_t>(rng->Below(6));
    int64_t end = begin + static_cast<int64_t>(rng->Below(9));
    free[process] = end + 1;
    const auto kind = static_cast<Kind>(rng->Below(3));
    if (kind != Kind::kRead && rng->Below(6) == 0) end = kNever;
    out.Add(process, kind, static_cast<uint32_t>(rng->Below(2)), static_cast<int>(rng->Below(4)),
            begin, end);
  }
  History history = out.Done();
  for (Operation& operation : history.operations) {
    if (operation.kind != Kind::kCas) continue;
    operation.expected = static_cast<history::Value>(rng->Below(history.values.size()));
    if (operation.end != kNever && rng->Below(3) == 0) operation.outcome = history::Outcome::kNo;
  }
  return history;
}

TEST(SequentialSearch, HistoriesOfFewValuesAreJudgedAsByTryingEveryOrder) {
  Rng rng(24);
  int bad = 0;
  const int count = RandomHistories(5'000);
  for (int i = 0; i < count; ++i) {
    const History history = DrawRepeated(&rng, 9);
    const bool holds = IsSequentialByBruteForce(history);
    bad += holds ? 0 : 1;
    const Verdict verdict = JudgeIt(history);
    ASSERT_EQ(verdict.holds, holds ? Holds::kYes : Holds::kNo)
        << "history " << i << ": " << verdict.reason;
    ASSERT_TRUE(holds || !verdict.witness.empty());
  }
  EXPECT_GT(bad, count / 20);
  EXPECT_LT(bad, count - count / 20);
}

TEST(SequentialSearch, MemoryIsALimit) {
  History history;
  history.keys = {"x"};
  history.values.resize(30, "v");
  history.processes.resize(20, "p");
  // Each client writes and reads another client's value: no order is found soon.
  for (uint32_t i = 0; i < 12; ++i) {
    Operation write;
    write.process = i;
    write.kind = Kind::kWrite;
    write.value = static_cast<history::Value>(1 + i % 4);
    write.end = 1;
    history.operations.push_back(write);
    Operation read = write;
    read.kind = Kind::kRead;
    read.value = static_cast<history::Value>(1 + (i + 1) % 4);
    read.begin = read.end = 2;
    history.operations.push_back(read);
    history.operations.push_back(write);
  }
  Operation never = history.operations[0];
  never.kind = Kind::kRead;
  never.value = 5;
  never.process = 15;
  history.operations.push_back(never);
  never.kind = Kind::kWrite;
  history.operations.push_back(never);
  std::vector<uint32_t> all;
  for (uint32_t i = 0; i < history.operations.size(); ++i) all.push_back(i);
  SequentialSearch search(history, all, WritesInOrder::kOfClients, 1 << 12);
  auto result = SequentialSearch::Result::kRunning;
  while (result == SequentialSearch::Result::kRunning) result = search.Run(100);
  EXPECT_EQ(result, SequentialSearch::Result::kOutOfMemory);
}

TEST(Implications, VerdictsOfRandomHistoriesDoNotContradictEachOther) {
  Rng rng(25);
  int apart = 0;
  const int count = RandomHistories(5'000);
  for (int i = 0; i < count; ++i) {
    const History history = DrawRegisters(&rng, 10, 1 + static_cast<uint32_t>(i % 2));
    for (const WritesInOrder by : {WritesInOrder::kOfTime, WritesInOrder::kOfClients}) {
      Terms terms;
      terms.writes = by;
      const std::vector<Verdict> verdicts =
          Judge(history, GuaranteesOf(history::Model::kRegister), Budget{}, terms);
      ASSERT_EQ(verdicts.size(), 8u);
      ASSERT_EQ(FindContradiction(history, verdicts, terms), "") << "history " << i;
      apart += verdicts[0].holds == Holds::kNo && verdicts[1].holds == Holds::kYes ? 1 : 0;
    }
  }
  EXPECT_GT(apart, count / 50);
}

TEST(Implications, AContradictionIsNamed) {
  const History history = RegisterHistory().Write(0, kX, 1).Done();
  std::vector<Verdict> verdicts(2);
  verdicts[0].guarantee = Guarantee::kLinearizable;
  verdicts[1].guarantee = Guarantee::kMonotonicReads;
  verdicts[1].holds = Holds::kNo;
  Terms by_time;
  Terms by_clients;
  by_clients.writes = WritesInOrder::kOfClients;
  EXPECT_EQ(FindContradiction(history, verdicts, by_time),
            "linearizable holds, but monotonic-reads, which follows from it, does not");
  verdicts[0].guarantee = Guarantee::kSequential;
  EXPECT_EQ(FindContradiction(history, verdicts, by_time), "")
      << "its writes may be in another order than that of time";
  EXPECT_NE(FindContradiction(history, verdicts, by_clients), "");
  verdicts[0].guarantee = Guarantee::kConsistentPrefix;
  EXPECT_NE(FindContradiction(history, verdicts, by_time), "");
  verdicts[1].guarantee = Guarantee::kReadYourWrites;
  EXPECT_EQ(FindContradiction(history, verdicts, by_time), "");
}

}  // namespace
}  // namespace replsim::judge::sequential_test
