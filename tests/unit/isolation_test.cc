// Transactions: read committed, read atomic, causal (simulator/judge/isolation.h), strict
// serializability of lists and registers, and Jepsen's bank, set and long fork.
#include "simulator/judge/isolation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "simulator/history/read_history.h"
#include "simulator/judge/judge.h"

namespace replsim::judge::isolation_test {
namespace {

using testing::HasSubstr;

std::vector<Verdict> JudgeText(absl::string_view text) {
  const absl::StatusOr<history::History> history = history::ReadHistory(text, "f", {});
  EXPECT_TRUE(history.ok()) << history.status().message();
  return history.ok() ? Judge(*history, {}, Budget{}) : std::vector<Verdict>{};
}

// "CC,RA,RC", "RA,RC", "RC" or "none": the levels that hold.
std::string Levels(absl::string_view dbcop) {
  std::string levels;
  for (const Verdict& verdict : JudgeText(dbcop)) {
    if (verdict.holds != Holds::kYes) continue;
    const char* const name = verdict.guarantee == Guarantee::kCausal       ? "CC"
                             : verdict.guarantee == Guarantee::kReadAtomic ? "RA"
                                                                           : "RC";
    levels += levels.empty() ? name : std::string(",") + name;
  }
  return levels.empty() ? "none" : levels;
}
Verdict First(absl::string_view text) { return JudgeText(text).front(); }

TEST(Isolation, ReadsFromNowhereFromAbortedAndFromTheMiddleAreNotAllowed) {
  EXPECT_EQ(Levels("[x==1]\n"), "none");
  EXPECT_EQ(Levels("[x:=1]!\n---\n[x==1]\n"), "none");
  EXPECT_EQ(Levels("[x:=1 x:=2]\n---\n[x==1]\n"), "none");
  EXPECT_EQ(Levels("[x:=1 x==2]\n---\n[x:=2]\n"), "none") << "it does not see its own write";
  EXPECT_EQ(Levels("[x==1 x:=1]\n"), "none") << "from its own future";
  EXPECT_EQ(Levels("[x:=1 x:=2]\n---\n[x==2]\n"), "CC,RA,RC");
}

TEST(Isolation, ReadCommittedSeesTransactionsInTheOrderInWhichItReadThem) {
  // Having read y from the second, x from the first is gone back.
  EXPECT_EQ(Levels("[x:=1]\n[x:=2 y:=2]\n---\n[y==2 x==1]\n"), "none");
  EXPECT_EQ(Levels("[x:=1]\n[x:=2 y:=2]\n---\n[x==1 y==2]\n"), "RC") << "but not atomic";
}

TEST(Isolation, ReadAtomicSeesAllOfATransactionOrNothing) {
  EXPECT_EQ(Levels("[x:=1 y:=1]\n---\n[y==? x==1]\n"), "RC");
  EXPECT_EQ(Levels("[x:=1]\n---\n[x:=2]\n---\n[x==1 x==2]\n"), "RC") << "not repeatable";
  EXPECT_EQ(Levels("[x:=1]\n[x==?]\n"), "RC") << "its session's own write";
}

TEST(Isolation, CausalSeesWhatItsCausesSaw) {
  // The third knows the second, which had seen the first, but does not see the first.
  EXPECT_EQ(Levels("[x:=1]\n---\n[x==1 y:=1]\n---\n[y==1] [x==?]\n"), "RA,RC");
  EXPECT_EQ(Levels("[x:=1]\n---\n[x==1 y:=1]\n---\n[y==1] [x==1]\n"), "CC,RA,RC");
  // Two writes that are not causes of each other may be seen in any order, but not back and forth.
  EXPECT_EQ(Levels("[x:=1]\n---\n[x:=2]\n---\n[x==1] [x==2]\n---\n[x==2] [x==1]\n"), "RA,RC");
  EXPECT_EQ(Levels("[x:=1]\n---\n[x:=2]\n---\n[x==1]\n---\n[x==2]\n"), "CC,RA,RC");
}

TEST(Isolation, ACycleIsToldWithTheReasonOfEachStep) {
  const Verdict causal = First("[x:=1]\n---\n[x==1 y:=1]\n---\n[y==1] [x==?]\n");
  ASSERT_EQ(causal.guarantee, Guarantee::kCausal);
  ASSERT_EQ(causal.holds, Holds::kNo);
  EXPECT_THAT(causal.because, testing::Contains(HasSubstr("knew its x and read the other's")));
}

std::string Rows(const std::vector<std::string>& transactions) {
  std::string text;
  int process = 0;
  for (const std::string& steps : transactions) {
    const std::string row =
        " :process " + std::to_string(process++) + " :f :txn :value " + steps + "}";
    text += "{:type :invoke" + row + "{:type :ok" + row;
  }
  return text;
}

TEST(ListAppend, ListsShowTheOrderOfAppends) {
  EXPECT_EQ(First(Rows({"[[:append x 1]]", "[[:append x 2]]", "[[:r x [1 2]]]"})).holds,
            Holds::kYes);
  const Verdict back = First(Rows({"[[:append x 1]]", "[[:append x 2]]", "[[:r x [2 1]]]"}));
  EXPECT_EQ(back.holds, Holds::kNo) << "the first was answered before the second began";
  EXPECT_EQ(back.guarantee, Guarantee::kStrictSerializable);
  EXPECT_THAT(First(Rows({"[[:append x 1]]", "[[:append x 2]]", "[[:r x [1]]]"})).reason,
              HasSubstr("a cycle of 2 transactions"));
  EXPECT_THAT(First(Rows({"[[:append x 1]]", "[[:r x [1 1]]]"})).reason, HasSubstr("twice"));
  EXPECT_THAT(First(Rows({"[[:append x 1]]", "[[:r x [3]]]"})).reason, HasSubstr("appended 3"));
}

TEST(ListAppend, ATransactionsAppendsStandInItsOrderAndBeforeItsLaterReads) {
  EXPECT_THAT(First(Rows({"[[:append x 1] [:append x 2]]", "[[:r x [2 1]]]"})).reason,
              HasSubstr("reverses the appends of"));
  EXPECT_THAT(First(Rows({"[[:r x [1]] [:append x 1]]"})).reason,
              HasSubstr("reads a value that it appends later"));
}

TEST(ListAppend, AnUnansweredTransactionHappenedAsAWholeOrNotAtAll) {
  const std::string open =
      "{:type :invoke :process 9 :f :txn :value [[:append x 1] [:append y 1]]}";
  EXPECT_EQ(First(open + Rows({"[[:r x [1]] [:r y [1]]]"})).holds, Holds::kYes);
  EXPECT_EQ(First(open + Rows({"[[:r x []] [:r y []]]"})).holds, Holds::kYes);
  const Verdict part = First(open + Rows({"[[:r x [1]] [:r y []]]"}));
  EXPECT_EQ(part.holds, Holds::kNo);
  EXPECT_EQ(part.witness.size(), 2u);
}

TEST(ListAppend, WriteSkewIsACycle) {
  const std::string text =
      "{:type :invoke :process 0 :f :txn :value [[:r x nil] [:append y 1]]}"
      "{:type :invoke :process 1 :f :txn :value [[:r y nil] [:append x 1]]}"
      "{:type :ok :process 0 :f :txn :value [[:r x []] [:append y 1]]}"
      "{:type :ok :process 1 :f :txn :value [[:r y []] [:append x 1]]}"
      "{:type :invoke :process 2 :f :txn :value [[:r x nil] [:r y nil]]}"
      "{:type :ok :process 2 :f :txn :value [[:r x [1]] [:r y [1]]]}";
  const Verdict verdict = First(text);
  EXPECT_EQ(verdict.holds, Holds::kNo);
  EXPECT_EQ(verdict.witness.size(), 2u);
}

TEST(StrictSerializable, RegistersAreSearched) {
  EXPECT_EQ(First(Rows({"[[:w x 1] [:w y 1]]", "[[:r x 1] [:r y 1]]"})).holds, Holds::kYes);
  const std::vector<Verdict> stale = JudgeText(Rows({"[[:w x 1]]", "[[:w x 2]]", "[[:r x 1]]"}));
  EXPECT_EQ(stale[0].guarantee, Guarantee::kStrictSerializable);
  EXPECT_EQ(stale[0].holds, Holds::kNo);
  EXPECT_EQ(stale[1].holds, Holds::kYes) << "causal: no time";
}

TEST(StrictSerializable, RegistersMayBeginWithAnotherValueThanNil) {
  history::ReadOptions options;
  options.initial = "0";
  const auto first = [&](const std::string& text) {
    const absl::StatusOr<history::History> history = history::ReadHistory(text, "f", options);
    return Judge(*history, {}, Budget{}).front();
  };
  EXPECT_EQ(first(Rows({"[[:r x 0]]", "[[:w x 1]]"})).holds, Holds::kYes);
  EXPECT_EQ(first(Rows({"[[:w x 1]]", "[[:r x 0]]"})).holds, Holds::kNo);
}

std::string Reads(const std::vector<std::string>& values, const std::string& before = "") {
  std::string text = before;
  for (const std::string& value : values) {
    text +=
        "{:process 0 :type :invoke :f :read}{:process 0 :type :ok :f :read :value " + value + "}";
  }
  return text;
}

TEST(Bank, TheSumStaysAndNoAccountIsBelowZero) {
  EXPECT_EQ(First(Reads({"{0 5 1 5}", "{0 10 1 0}"})).holds, Holds::kYes);
  EXPECT_THAT(First(Reads({"{0 5 1 5}", "{0 10 1 1}"})).reason, HasSubstr("11 in all"));
  EXPECT_THAT(First(Reads({"{0 5 1 5}", "{0 11 1 -1}"})).reason, HasSubstr("-1 in account 1"));
}

TEST(Set, AnElementThatWasThereStaysThere) {
  const std::string add =
      "{:process 1 :type :invoke :f :add :value 7}{:process 1 :type :ok :f :add :value 7}";
  EXPECT_EQ(First(Reads({"[7]", "#{7}"}, add)).holds, Holds::kYes);
  EXPECT_THAT(First(Reads({"[7]", "[]"}, add)).reason, HasSubstr("7, added in line 1, is lost"));
  EXPECT_EQ(First(Reads({"[]", "[7]"}, add)).holds, Holds::kYes) << "late, but not lost";
  EXPECT_THAT(First(Reads({"[7 7]"}, add)).reason, HasSubstr("twice"));
  EXPECT_THAT(First(Reads({"[7 8]"}, add)).reason, HasSubstr("8, which no operation added"));
}

TEST(LongFork, TwoReadsThatEachMissWhatTheOtherSaw) {
  const std::string fork =
      "[{:type :invoke :f :read :value [[:r 0 nil] [:r 1 nil]]}"
      "{:type :ok :f :read :value [[:r 0 1] [:r 1 nil]]}"
      "{:type :invoke :f :read :value [[:r 1 nil] [:r 0 nil]]}"
      "{:type :ok :f :read :value [[:r 1 1] [:r 0 nil]]}]";
  const Verdict verdict = First(fork);
  EXPECT_EQ(verdict.guarantee, Guarantee::kNoLongFork);
  EXPECT_EQ(verdict.holds, Holds::kNo);
}

}  // namespace
}  // namespace replsim::judge::isolation_test
