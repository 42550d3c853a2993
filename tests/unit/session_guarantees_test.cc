// Read your writes, monotonic reads, monotonic writes and writes follow reads of histories without
// positions (simulator/judge/session_guarantees.h).
#include "simulator/judge/session_guarantees.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/judge/judge.h"
#include "tests/unit/register_histories.h"

namespace replsim::judge::session_guarantees_test {
namespace {

using history::History;
using history::Kind;
using history::kNever;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Guarantee kGuarantees[] = {Guarantee::kReadYourWrites, Guarantee::kMonotonicReads,
                                     Guarantee::kMonotonicWrites, Guarantee::kWritesFollowReads};

Verdict JudgeOne(const History& history, Guarantee guarantee,
                 WritesInOrder by = WritesInOrder::kOfTime) {
  Terms terms;
  terms.writes = by;
  return Judge(history, {guarantee}, Budget{}, terms).front();
}
constexpr uint32_t kX = 0;
constexpr uint32_t kY = 1;

TEST(ReadYourWrites, AClientSeesItsOwnLastWriteOrANewerOne) {
  const auto judge = [](const RegisterHistory& history) {
    return JudgeOne(history.Done(), Guarantee::kReadYourWrites);
  };
  EXPECT_EQ(judge(RegisterHistory().Write(0, kX, 1).Read(0, kX, 1)).holds, Holds::kYes);
  EXPECT_EQ(judge(RegisterHistory().Write(0, kX, 1).Read(0, kX, 0)).holds, Holds::kNo);
  EXPECT_EQ(judge(RegisterHistory().Write(0, kX, 1).Read(1, kX, 0)).holds, Holds::kYes)
      << "another client's write";
  EXPECT_EQ(judge(RegisterHistory().Write(0, kX, 1).Read(0, kY, 0)).holds, Holds::kYes)
      << "another key";
  const Verdict older =
      judge(RegisterHistory().Write(0, kX, 1).Write(0, kX, 2).Read(0, kX, 1).Read(0, kX, 2));
  EXPECT_EQ(older.holds, Holds::kNo);
  EXPECT_EQ(older.bad_reads, 1u);
  EXPECT_EQ(older.reads, 2u);
  EXPECT_THAT(older.witness, ElementsAre(0, 1, 2));
  EXPECT_EQ(older.reason, "process 0 read x = 1 (line 3) after process 0 wrote x = 2 (line 2)");
  EXPECT_THAT(older.because[0], HasSubstr("because process 0 wrote it first"));
  EXPECT_THAT(older.because[1], HasSubstr("a contradiction"));
}

TEST(ReadYourWrites, WritesOfOthersAreInTheOrderOfTimeUnlessAskedOtherwise) {
  const History history = RegisterHistory().Write(1, kX, 1).Write(0, kX, 2).Read(0, kX, 1).Done();
  const Verdict by_time = JudgeOne(history, Guarantee::kReadYourWrites);
  EXPECT_EQ(by_time.holds, Holds::kNo);
  EXPECT_THAT(by_time.because[0], HasSubstr("before the other one began"));
  EXPECT_EQ(JudgeOne(history, Guarantee::kReadYourWrites, WritesInOrder::kOfClients).holds,
            Holds::kYes);
}

TEST(ReadYourWrites, AWriteThatWasNeverAnsweredNeedNotBeSeen) {
  EXPECT_EQ(JudgeOne(RegisterHistory()
                         .Add(0, Kind::kWrite, kX, 1, 0, kNever)
                         .Add(0, Kind::kRead, kX, 0, 50, 60)
                         .Done(),
                     Guarantee::kReadYourWrites)
                .holds,
            Holds::kYes);
}

TEST(MonotonicReads, AClientDoesNotGoBack) {
  const auto judge = [](const RegisterHistory& history) {
    return JudgeOne(history.Done(), Guarantee::kMonotonicReads);
  };
  const auto written = [] { return RegisterHistory().Write(0, kX, 1).Write(0, kX, 2); };
  EXPECT_EQ(judge(written().Read(1, kX, 1).Read(1, kX, 2)).holds, Holds::kYes);
  EXPECT_EQ(judge(written().Read(1, kX, 2).Read(2, kX, 1)).holds, Holds::kYes) << "two clients";
  EXPECT_EQ(judge(written().Read(1, kX, 1).Read(1, kX, 0)).holds, Holds::kNo);
  const Verdict back = judge(written().Read(1, kX, 2).Read(1, kX, 1).Read(1, kX, 1).Read(1, kX, 2));
  EXPECT_EQ(back.holds, Holds::kNo);
  EXPECT_EQ(back.bad_reads, 2u) << "both reads of 1";
  EXPECT_EQ(back.reads, 3u);
  EXPECT_EQ(back.reason, "process 1 read x = 1 (line 4) after process 1 read x = 2 (line 3)");
  EXPECT_THAT(back.witness, ElementsAre(0, 1, 2, 3));
}

TEST(MonotonicReads, TwoClientsThatSawTwoWritesInOppositeOrders) {
  // The writes overlap, so that nothing but the reads says which is newer.
  const History history = RegisterHistory()
                              .Add(0, Kind::kWrite, kX, 1, 0, 10)
                              .Add(1, Kind::kWrite, kX, 2, 0, 10)
                              .Add(2, Kind::kRead, kX, 1, 20, 21)
                              .Add(2, Kind::kRead, kX, 2, 22, 23)
                              .Add(3, Kind::kRead, kX, 2, 20, 21)
                              .Add(3, Kind::kRead, kX, 1, 22, 23)
                              .Done();
  const Verdict verdict = JudgeOne(history, Guarantee::kMonotonicReads);
  EXPECT_EQ(verdict.holds, Holds::kNo);
  EXPECT_EQ(verdict.witness.size(), 6u);
  EXPECT_EQ(verdict.because.size(), 2u);
}

TEST(MonotonicWrites, WhoeverSeesAWriteHasSeenItsClientsWritesBefore) {
  const auto judge = [](const RegisterHistory& history) {
    return JudgeOne(history.Done(), Guarantee::kMonotonicWrites);
  };
  const auto written = [] { return RegisterHistory().Write(0, kX, 1).Write(0, kY, 2); };
  EXPECT_EQ(judge(written().Read(1, kY, 2).Read(1, kX, 1)).holds, Holds::kYes);
  EXPECT_EQ(judge(written().Read(1, kX, 0).Read(1, kY, 2)).holds, Holds::kYes);
  const Verdict missed = judge(written().Read(1, kY, 2).Read(1, kX, 0));
  EXPECT_EQ(missed.holds, Holds::kNo);
  EXPECT_EQ(missed.reason,
            "process 1 read x = nil (line 4) after process 1 read y = 2 (line 3), whose writer had "
            "done before: process 0 wrote x = 1 (line 1)");
  EXPECT_THAT(missed.witness, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(
      judge(RegisterHistory().Write(0, kX, 1).Write(0, kX, 2).Read(1, kX, 2).Read(1, kX, 1)).holds,
      Holds::kNo)
      << "two writes of a key, seen in reverse";
}

// Which facts are followed is decided by time (simulator/judge/suspect_reads.h). In each of these
// histories the second fact about x is the one that counts: the first one is always followed.
TEST(MonotonicWrites, AreFollowedAtOneInstant) {
  RegisterHistory history;
  history.Add(0, Kind::kWrite, kX, 1, 0, 0).Add(0, Kind::kWrite, kX, 2, 0, 0);
  history.Add(0, Kind::kWrite, kY, 3, 0, 0);
  history.Add(1, Kind::kRead, kY, 3, 0, 0).Add(1, Kind::kRead, kX, 1, 0, 0);
  EXPECT_EQ(JudgeOne(history.Done(), Guarantee::kMonotonicWrites).holds, Holds::kNo);
}

TEST(MonotonicWrites, AWriteDoesNotComeBackAfterItsOverwriteWasSeen) {
  RegisterHistory history;
  history.Write(0, kX, 1).Write(0, kX, 2).Write(0, kX, 3).Read(1, kX, 3).Read(1, kX, 2);
  EXPECT_EQ(JudgeOne(history.Done(), Guarantee::kMonotonicWrites).holds, Holds::kNo);
}

TEST(MonotonicWrites, AreFollowedThroughAReadThatEndedBeforeItsWriteBegan) {
  RegisterHistory history;
  history.Add(1, Kind::kRead, kY, 3, 0, 1).Add(1, Kind::kRead, kX, 1, 2, 4);
  history.Add(0, Kind::kWrite, kX, 1, 3, 4).Add(0, Kind::kWrite, kX, 2, 5, 6);
  history.Add(0, Kind::kWrite, kY, 3, 10, 11);
  EXPECT_EQ(JudgeOne(history.Done(), Guarantee::kMonotonicWrites).holds, Holds::kNo);
}

TEST(MonotonicWrites, AreFollowedWhereOperationsOfAClientOverlap) {
  RegisterHistory history;
  history.Add(0, Kind::kWrite, kX, 1, 0, 10).Add(0, Kind::kWrite, kX, 2, 1, 20);
  history.Add(0, Kind::kWrite, kY, 3, 2, 3);
  history.Add(1, Kind::kRead, kY, 3, 4, 5).Add(1, Kind::kRead, kX, 1, 6, 7);
  EXPECT_EQ(JudgeOne(history.Done(), Guarantee::kMonotonicWrites).holds, Holds::kNo);
}

TEST(WritesFollowReads, WhoeverSeesAWriteHasSeenWhatItsClientHadRead) {
  const auto judge = [](const RegisterHistory& history) {
    return JudgeOne(history.Done(), Guarantee::kWritesFollowReads);
  };
  const auto written = [] {
    return RegisterHistory().Write(0, kX, 1).Read(1, kX, 1).Write(1, kY, 2);
  };
  EXPECT_EQ(judge(written().Read(2, kY, 2).Read(2, kX, 1)).holds, Holds::kYes);
  const Verdict missed = judge(written().Read(2, kY, 2).Read(2, kX, 0));
  EXPECT_EQ(missed.holds, Holds::kNo);
  EXPECT_THAT(missed.reason, HasSubstr("whose writer knew more: process 1 read x = 1 (line 2)"));
  EXPECT_EQ(
      JudgeOne(written().Read(2, kY, 2).Read(2, kX, 0).Done(), Guarantee::kMonotonicWrites).holds,
      Holds::kYes)
      << "other guarantees know nothing of that";
  EXPECT_EQ(judge(RegisterHistory().Read(0, kX, 1).Write(0, kX, 1)).holds, Holds::kNo)
      << "it read what it wrote later";
}

TEST(SessionGuarantees, AReadFromNowhereKeepsNone) {
  for (const Guarantee guarantee : kGuarantees) {
    const Verdict verdict = JudgeOne(RegisterHistory().Read(0, kX, 1).Done(), guarantee);
    EXPECT_EQ(verdict.holds, Holds::kNo) << NameOf(guarantee);
    EXPECT_THAT(verdict.reason, HasSubstr("which no operation wrote"));
  }
}

TEST(SessionGuarantees, WithoutUniqueValuesNothingIsKnownButAViolationOfAnotherKey) {
  const RegisterHistory twice = RegisterHistory().Write(0, kX, 1).Write(1, kX, 1).Read(0, kX, 0);
  const Verdict unknown = JudgeOne(twice.Done(), Guarantee::kReadYourWrites);
  EXPECT_EQ(unknown.holds, Holds::kUnknown);
  EXPECT_EQ(unknown.reason, "key x: 1 is written twice: which write a read saw is not known");
  RegisterHistory both = twice;
  both.Write(0, kY, 2).Read(0, kY, 0);
  EXPECT_EQ(JudgeOne(both.Done(), Guarantee::kReadYourWrites).holds, Holds::kNo);
  const RegisterHistory fine = RegisterHistory().Write(0, kX, 1).Write(1, kX, 1).Read(0, kX, 1);
  const Verdict linearizable = JudgeOne(fine.Done(), Guarantee::kReadYourWrites);
  EXPECT_EQ(linearizable.holds, Holds::kYes);
  EXPECT_EQ(linearizable.reason, "linearizable");
}

TEST(SessionGuarantees, ASpentBudgetIsAnsweredWithUnknown) {
  Budget spent;
  spent.is_spent = [] { return true; };
  const History history = RegisterHistory().Write(0, kX, 1).Read(0, kX, 0).Done();
  for (const Guarantee guarantee : kGuarantees) {
    const Verdict verdict = Judge(history, {guarantee}, spent).front();
    EXPECT_EQ(verdict.holds, Holds::kUnknown);
    EXPECT_THAT(verdict.reason, HasSubstr("--time-limit"));
  }
}

class RandomSessions : public testing::TestWithParam<WritesInOrder> {};
INSTANTIATE_TEST_SUITE_P(By, RandomSessions,
                         testing::Values(WritesInOrder::kOfTime, WritesInOrder::kOfClients));

TEST_P(RandomSessions, AreJudgedAsByTryingEveryOrder) {
  Rng rng(11);
  int bad[4] = {};
  const int count = RandomHistories(4'000);
  for (int i = 0; i < count; ++i) {
    const History history = DrawRegisters(&rng, 11, 1 + static_cast<uint32_t>(i % 2));
    SessionBruteForce brute_force(history);
    for (size_t g = 0; g < 4; ++g) {
      const bool holds = brute_force.Holds(kGuarantees[g], GetParam());
      bad[g] += holds ? 0 : 1;
      const Verdict verdict = JudgeOne(history, kGuarantees[g], GetParam());
      ASSERT_EQ(verdict.holds == Holds::kYes, holds)
          << "history " << i << ", " << NameOf(kGuarantees[g]) << ": " << verdict.reason;
      ASSERT_NE(verdict.holds, Holds::kUnknown);
    }
  }
  for (size_t g = 0; g < 4; ++g) {
    EXPECT_GT(bad[g], count / 50) << NameOf(kGuarantees[g]);
    EXPECT_LT(bad[g], count - count / 10) << NameOf(kGuarantees[g]);
  }
}

TEST_P(RandomSessions, AWitnessAloneIsAViolationAndNoneOfItsOperationsCanBeLeftOut) {
  Rng rng(12);
  int seen = 0;
  for (int i = 0; i < 3'000; ++i) {
    const History history = DrawRegisters(&rng, 11, 1 + static_cast<uint32_t>(i % 2));
    for (const Guarantee guarantee : kGuarantees) {
      const Verdict verdict = JudgeOne(history, guarantee, GetParam());
      if (verdict.holds != Holds::kNo || verdict.witness.size() < 2) continue;
      ++seen;
      const History only = OnlyOf(history, verdict.witness);
      ASSERT_FALSE(SessionBruteForce(only).Holds(guarantee, GetParam())) << "history " << i;
      for (size_t out = 0; out < verdict.witness.size(); ++out) {
        std::vector<size_t> rest = verdict.witness;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(out));
        const History without = OnlyOf(history, rest);
        ASSERT_TRUE(SessionBruteForce(without).Holds(guarantee, GetParam()))
            << "history " << i << ", " << NameOf(guarantee) << " without " << out;
      }
    }
  }
  EXPECT_GT(seen, 500);
}

}  // namespace
}  // namespace replsim::judge::session_guarantees_test
