// Consistent prefix of histories without positions (simulator/judge/consistent_prefix.h).
#include "simulator/judge/consistent_prefix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "simulator/judge/implications.h"
#include "simulator/judge/judge.h"
#include "tests/unit/register_histories.h"

namespace replsim::judge::consistent_prefix_test {
namespace {

using history::History;
using history::Kind;
using history::kNever;
using history::Operation;
using testing::HasSubstr;

constexpr uint32_t kX = 0;
constexpr uint32_t kY = 1;
constexpr WritesInOrder kBoth[] = {WritesInOrder::kOfTime, WritesInOrder::kOfClients};

Verdict JudgeIt(const History& history, WritesInOrder writes = WritesInOrder::kOfTime,
                const Budget& budget = Budget{}) {
  Terms terms;
  terms.writes = writes;
  return Judge(history, {Guarantee::kConsistentPrefix}, budget, terms).front();
}

// Tries every log from the definition: an order of the answered writes, and of some others, that
// agrees with clients and time and that each client's reads follow.
class EveryLog {
 public:
  EveryLog(const History& history, WritesInOrder writes) : history_(history), writes_(writes) {}

  bool AnyFits() {
    used_.assign(history_.operations.size(), false);
    log_.clear();
    return Extend();
  }

 private:
  const Operation& at(size_t i) const { return history_.operations[i]; }

  bool MustPrecede(size_t first, size_t second) const {
    if (at(first).end == kNever) return false;
    if (at(first).process == at(second).process) return first < second;
    return writes_ == WritesInOrder::kOfTime && at(first).end < at(second).begin;
  }
  bool Extend() {
    bool complete = true;
    for (size_t i = 0; i < used_.size(); ++i) {
      if (used_[i] || at(i).kind == Kind::kRead) continue;
      complete = complete && at(i).end == kNever;
      bool ready = true;
      for (size_t j = 0; j < used_.size(); ++j) {
        if (j != i && !used_[j] && at(j).kind != Kind::kRead && MustPrecede(j, i)) ready = false;
      }
      if (!ready) continue;
      used_[i] = true;
      log_.push_back(i);
      const bool fits = Extend();
      log_.pop_back();
      used_[i] = false;
      if (fits) return true;
    }
    return complete && ReadsFollow();
  }
  // Whether each client's reads see states of the log that only grow: each takes the earliest.
  bool ReadsFollow() const {
    std::vector<size_t> reached(history_.processes.size(), 0);
    for (const Operation& read : history_.operations) {
      if (read.kind != Kind::kRead || read.end == kNever) continue;
      size_t& length = reached[read.process];
      while (length <= log_.size() && StateAt(length, read.key) != read.value) ++length;
      if (length > log_.size()) return false;
    }
    return true;
  }
  history::Value StateAt(size_t length, uint32_t key) const {
    history::Value value = history_.initial;
    for (size_t i = 0; i < length; ++i) {
      if (at(log_[i]).key == key) value = at(log_[i]).value;
    }
    return value;
  }

  const History& history_;
  const WritesInOrder writes_;
  std::vector<bool> used_;
  std::vector<size_t> log_;
};

TEST(ConsistentPrefix, AClientMayLagAndMissItsOwnWritesButNeverGoesBack) {
  const RegisterHistory lags =
      RegisterHistory().Write(0, kX, 1).Write(0, kY, 2).Read(0, kX, 0).Read(1, kX, 1);
  RegisterHistory grows = lags;
  EXPECT_EQ(JudgeIt(grows.Read(1, kY, 0).Read(1, kY, 2).Done()).holds, Holds::kYes);
  RegisterHistory back = lags;
  const Verdict verdict = JudgeIt(back.Read(0, kY, 2).Read(0, kX, 0).Done());
  EXPECT_EQ(verdict.holds, Holds::kNo) << "y = 2 was written after x = 1";
  EXPECT_EQ(verdict.witness.size(), 4u);
  EXPECT_THAT(verdict.reason, HasSubstr("(line"));
}

// No key goes back, and no client goes back on its own: only two readers together show it.
TEST(ConsistentPrefix, TwoReadersSeeTwoWritesInOppositeOrders) {
  const History history = RegisterHistory()
                              .Add(0, Kind::kWrite, kX, 1, 0, 100)
                              .Add(1, Kind::kWrite, kY, 2, 0, 100)
                              .Add(2, Kind::kRead, kX, 1, 10, 20)
                              .Add(2, Kind::kRead, kY, 0, 30, 40)
                              .Add(3, Kind::kRead, kY, 2, 10, 20)
                              .Add(3, Kind::kRead, kX, 0, 30, 40)
                              .Done();
  for (const WritesInOrder writes : kBoth) {
    const Verdict verdict = JudgeIt(history, writes);
    EXPECT_EQ(verdict.holds, Holds::kNo);
    EXPECT_EQ(verdict.reason, "no order of all writes lets each client's reads follow it");
    EXPECT_EQ(verdict.witness.size(), 6u);
    ASSERT_FALSE(verdict.because.empty());
    EXPECT_THAT(verdict.because.back(), HasSubstr("a contradiction"));
  }
  for (const Guarantee guarantee : {Guarantee::kMonotonicReads, Guarantee::kMonotonicWrites,
                                    Guarantee::kWritesFollowReads, Guarantee::kCausal}) {
    EXPECT_EQ(Judge(history, {guarantee}, Budget{}).front().holds, Holds::kYes)
        << NameOf(guarantee);
  }
}

TEST(ConsistentPrefix, ByTimeTheLogHasOneOrderForAllKeys) {
  const History history =
      RegisterHistory().Write(0, kX, 1).Write(1, kY, 2).Read(2, kY, 2).Read(2, kX, 0).Done();
  const Verdict verdict = JudgeIt(history);
  EXPECT_EQ(verdict.holds, Holds::kNo);
  EXPECT_EQ(verdict.witness.size(), 4u);
  bool told = false;
  for (const std::string& line : verdict.because) {
    told |= line.find(
                "process 0 wrote x = 1 (line 1) is before process 1 wrote y = 2 (line 2), "
                "because it had ended when that began") != std::string::npos;
  }
  EXPECT_TRUE(told) << testing::PrintToString(verdict.because);
  EXPECT_EQ(JudgeIt(history, WritesInOrder::kOfClients).holds, Holds::kYes);
}

TEST(ConsistentPrefix, AWriteThatEndsWhenAnotherBeginsMayComeLater) {
  const auto history = [](int64_t second) {
    return RegisterHistory()
        .Add(0, Kind::kWrite, kX, 1, 0, 10)
        .Add(1, Kind::kWrite, kY, 2, second, 20)
        .Add(2, Kind::kRead, kY, 2, 30, 31)
        .Add(2, Kind::kRead, kX, 0, 40, 41)
        .Done();
  };
  EXPECT_EQ(JudgeIt(history(10)).holds, Holds::kYes);
  EXPECT_EQ(JudgeIt(history(11)).holds, Holds::kNo);
}

TEST(ConsistentPrefix, AWriteWithoutAnAnswerComesBeforeNoOther) {
  RegisterHistory open;
  open.Add(0, Kind::kWrite, kX, 1, 0, kNever).Add(1, Kind::kWrite, kY, 2, 50, 60);
  open.Add(2, Kind::kRead, kY, 2, 70, 71).Add(2, Kind::kRead, kX, 0, 80, 81);
  EXPECT_EQ(JudgeIt(open.Done()).holds, Holds::kYes);
  open.Add(2, Kind::kRead, kX, 1, 90, 91).Add(2, Kind::kRead, kX, 0, 95, 96);
  EXPECT_EQ(JudgeIt(open.Done()).holds, Holds::kNo);
}

TEST(ConsistentPrefix, ASpentBudgetIsAnsweredWithUnknown) {
  // Not linearizable, which would answer it.
  const History history = RegisterHistory().Write(0, kX, 1).Read(1, kX, 0).Done();
  EXPECT_EQ(JudgeIt(history).holds, Holds::kYes);
  Budget spent;
  spent.is_spent = [] { return true; };
  EXPECT_EQ(JudgeIt(history, WritesInOrder::kOfTime, spent).holds, Holds::kUnknown);
  Budget small;
  small.memory_bytes = kBytesOfPrefix - 1;
  const Verdict verdict = JudgeIt(history, WritesInOrder::kOfTime, small);
  EXPECT_EQ(verdict.holds, Holds::kUnknown);
  EXPECT_THAT(verdict.reason, HasSubstr("--memory"));
}

// Each write precedes all but its neighbours, and nearly all of these pairs follow from no other.
TEST(ConsistentPrefix, TheOrderOfTimeOfManyWritesAtOnceStaysWithinTheLimit) {
  History history;
  history.keys = {"x"};
  constexpr int kWrites = 4'000;
  for (int i = 0; i < kWrites; ++i) {
    Operation& write = history.operations.emplace_back();
    write.kind = Kind::kWrite;
    write.process = static_cast<uint32_t>(i);
    write.value = static_cast<history::Value>(history.values.size());
    history.values.push_back("v");
    history.processes.push_back("p");
    // The first half ends one by one before the second half begins.
    const bool is_late = i >= kWrites / 2;
    write.begin = is_late ? 1'000'000 + i : i;
    write.end = is_late ? 2'000'000 + i : 500'000 + i;
  }
  // The second write must be older than the first, although the first read of the first one ended
  // before that of the second: the order by instant does not explain it.
  const auto read = [&history](uint32_t process, history::Value value, int64_t begin) {
    Operation& added = history.operations.emplace_back();
    added.kind = Kind::kRead;
    added.process = process;
    added.value = value;
    added.begin = begin;
    added.end = begin + 10;
  };
  history.processes.insert(history.processes.end(), {"r", "s"});
  const history::Value first = history.operations[0].value;
  const history::Value second = history.operations[1].value;
  read(kWrites, first, 50);
  read(kWrites + 1, second, 100);
  read(kWrites + 1, first, 200);
  Budget small;
  small.memory_bytes = size_t{4} << 20;
  const Verdict verdict = JudgeConsistentPrefix(history, WritesInOrder::kOfTime, small);
  EXPECT_EQ(verdict.holds, Holds::kUnknown);
  EXPECT_THAT(verdict.reason, HasSubstr("--memory"));
  EXPECT_EQ(JudgeConsistentPrefix(history, WritesInOrder::kOfClients, small).holds, Holds::kYes);
  EXPECT_EQ(JudgeIt(history, WritesInOrder::kOfTime).holds, Holds::kYes);
}

// Judges `count` drawn histories, and tries every log of each. At least 1 in `bad_min` must be a
// violation, and 1 in 20 none.
template <class DrawOne>
void ExpectAsByTryingEveryLog(int count, int bad_min, const DrawOne& draw) {
  for (const WritesInOrder writes : kBoth) {
    int bad = 0;
    for (int i = 0; i < count; ++i) {
      const History history = draw(i);
      const bool holds = EveryLog(history, writes).AnyFits();
      bad += holds ? 0 : 1;
      const Verdict verdict = JudgeIt(history, writes);
      ASSERT_EQ(verdict.holds, holds ? Holds::kYes : Holds::kNo)
          << "history " << i << ": " << verdict.reason;
    }
    EXPECT_GT(bad, count / bad_min);
    EXPECT_LT(bad, count - count / 20);
  }
}

TEST(ConsistentPrefix, RandomHistoriesAreJudgedAsByTryingEveryLog) {
  Rng rng(31);
  ExpectAsByTryingEveryLog(RandomHistories(5'000), 20, [&rng](int i) {
    return DrawRegisters(&rng, 11, 1 + static_cast<uint32_t>(i % 2));
  });
}

// Few values, so that only the search can tell.
TEST(ConsistentPrefix, HistoriesOfFewValuesAreJudgedAsByTryingEveryLog) {
  Rng rng(32);
  ExpectAsByTryingEveryLog(RandomHistories(3'000), 100, [&rng](int) {
    History history = DrawRegisters(&rng, 10, 2);
    for (Operation& operation : history.operations) {
      if (operation.value > 1) operation.value = 1 + operation.value % 2;
    }
    return history;
  });
}

TEST(ConsistentPrefix, AWitnessAloneIsAViolationAndNoneOfItsOperationsCanBeLeftOut) {
  Rng rng(33);
  int seen = 0;
  for (int i = 0; i < 4'000; ++i) {
    const WritesInOrder writes = kBoth[i % 2];
    const History history = DrawRegisters(&rng, 12, 2);
    const Verdict verdict = JudgeIt(history, writes);
    if (verdict.holds != Holds::kNo || verdict.witness.size() < 2) continue;
    ++seen;
    ASSERT_FALSE(EveryLog(OnlyOf(history, verdict.witness), writes).AnyFits()) << "history " << i;
    for (size_t out = 0; out < verdict.witness.size(); ++out) {
      std::vector<size_t> rest = verdict.witness;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(out));
      ASSERT_TRUE(EveryLog(OnlyOf(history, rest), writes).AnyFits())
          << "history " << i << " without " << out;
    }
  }
  EXPECT_GT(seen, 200);
}

}  // namespace
}  // namespace replsim::judge::consistent_prefix_test
