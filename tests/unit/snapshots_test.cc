// Reads of a whole bank or set (simulator/judge/snapshots.h).
#include "simulator/judge/snapshots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/history/read_history.h"

namespace replsim::judge::snapshots_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

history::History Read(absl::string_view text, history::Model model) {
  history::ReadOptions options;
  options.model = model;
  auto history = history::ReadHistory(text, "f", options);
  EXPECT_TRUE(history.ok()) << history.status().message();
  return history.ok() ? *std::move(history) : history::History{};
}

// A line per read, of all accounts.
Verdict Bank(const std::vector<std::string>& reads) {
  std::string text = "{:process 1 :type :invoke :f :transfer :value {:from 0 :to 1 :amount 1}}\n";
  for (const std::string& read : reads) {
    absl::StrAppend(&text,
                    "{:process 0 :type :invoke :f :read}{:process 0 :type :ok :f :read :value ",
                    read, "}\n");
  }
  return JudgeBank(Read(text, history::Model::kBank), {});
}

TEST(Bank, EveryReadShowsTheSameAccountsWithTheSameSum) {
  EXPECT_EQ(Bank({"{0 50 1 50}", "{1 60 0 40}"}).holds, Holds::kYes);
  EXPECT_THAT(Bank({"{0 50 1 50}", "{0 60 1 50}"}).reason,
              HasSubstr("the read of line 3 shows 110 in all, the read of line 2 100"));
  EXPECT_THAT(Bank({"{0 50 1 50}", "{0 110 1 -10}"}).reason, HasSubstr("shows -10 in account 1"));
}

TEST(Bank, AnotherAccountIsAViolationAlthoughTheSumIsTheSame) {
  const Verdict other = Bank({"{0 50 1 50}", "{0 50 2 50}"});
  EXPECT_EQ(other.holds, Holds::kNo);
  EXPECT_EQ(other.reason,
            "the read of line 3 shows account 2, which the read of line 2 does not show");
  EXPECT_THAT(other.witness, ElementsAre(0, 1));
  EXPECT_EQ(Bank({"{0 50 1 50}", "{0 100}"}).reason,
            "the read of line 3 does not show account 1, which the read of line 2 shows");
}

TEST(Bank, ABalanceOfNilIsAViolation) {
  const Verdict nil = Bank({"{0 50 1 50}", "{0 100 1 nil}"});
  EXPECT_EQ(nil.holds, Holds::kNo);
  EXPECT_EQ(nil.reason, "the read of line 3 shows nil in account 1");
  // It is also one in the first read, which then says nothing about the sum.
  EXPECT_EQ(Bank({"{0 nil 1 50}", "{0 50 1 50}"}).reason,
            "the read of line 2 shows nil in account 0");
}

TEST(Bank, SumsMayBeLargerThanABalance) {
  const std::string most = "9223372036854775807";
  EXPECT_EQ(Bank({absl::StrCat("{0 ", most, " 1 ", most, "}")}).holds, Holds::kYes);
  // The sums differ by 2^64.
  EXPECT_THAT(Bank({absl::StrCat("{0 ", most, " 1 ", most, " 2 2}"), "{0 0 1 0 2 0}"}).reason,
              HasSubstr("shows 0 in all, the read of line 2 18446744073709551616"));
}

// Rows of :add or :read, each of its own process and answered at once.
Verdict Set(const std::vector<std::string>& rows) {
  std::string text;
  for (size_t i = 0; i < rows.size(); ++i) {
    for (const char* const type : {":invoke", ":ok"}) {
      absl::StrAppend(&text, "{:process ", i, " :type ", type, " ", rows[i], "}\n");
    }
  }
  return JudgeSet(Read(text, history::Model::kSet), {});
}

TEST(Set, ItsVerdictIsUnknownIfNoReadCouldHaveShownAViolation) {
  EXPECT_EQ(Set({":f :add :value 1"}).reason, "no read was answered");
  EXPECT_EQ(Set({":f :add :value 1"}).holds, Holds::kUnknown);
  const Verdict before = Set({":f :read :value []", ":f :add :value 1"});
  EXPECT_EQ(before.holds, Holds::kUnknown);
  EXPECT_EQ(before.reason, "no read shows an element, and none had to");
  EXPECT_EQ(Set({":f :add :value 1", ":f :read :value []"}).holds, Holds::kNo);
  EXPECT_EQ(Set({":f :add :value 1", ":f :read :value [1]"}).holds, Holds::kYes);
}

TEST(Bank, ItsVerdictIsUnknownWithoutARead) {
  EXPECT_EQ(Bank({}).holds, Holds::kUnknown);
  EXPECT_EQ(Bank({}).reason, "no read was answered");
}

TEST(LongFork, ItsVerdictIsUnknownIfNoTwoReadsCanBeCompared) {
  const auto judge = [](absl::string_view reads) {
    return JudgeLongFork(Read(absl::StrCat("{:process 0 :type :invoke :f :write :value [[:w x 1]]}"
                                           "{:process 0 :type :ok :f :write :value [[:w x 1]]}",
                                           reads),
                              history::Model::kLongFork),
                         {});
  };
  const std::string read =
      "{:process 0 :type :invoke :f :read :value [[:r x nil] [:r y nil]]}"
      "{:process 0 :type :ok :f :read :value [[:r x 1] [:r y nil]]}";
  EXPECT_EQ(judge("").holds, Holds::kUnknown);
  EXPECT_EQ(judge(read).reason, "no two answered reads of the same keys to compare");
  EXPECT_EQ(judge(read + read).holds, Holds::kYes);
}

}  // namespace
}  // namespace replsim::judge::snapshots_test
