// Linearizability by search (simulator/judge/search.h) of registers with compare-and-set, whose
// values are not unique, and of texts that are appended to.
#include "simulator/judge/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/rng.h"
#include "simulator/judge/linearizable.h"
#include "simulator/judge/shrink_witness.h"
#include "tests/unit/brute_force.h"
#include "tests/unit/register_histories.h"

namespace replsim::judge::search_test {
namespace {

using history::History;
using history::Kind;
using history::kNever;
using history::Model;
using history::Outcome;
using testing::HasSubstr;

History Empty(Model model, int values) {
  History history;
  history.model = model;
  history.keys = {""};
  history.processes = {"p0", "p1", "p2", "p3"};
  if (model == Model::kKvAppend) history.values = {""};
  for (int i = 1; i <= values; ++i)
    history.values.push_back(std::string(1, static_cast<char>('a' + i)));
  return history;
}

Operation Op(uint32_t process, Kind kind, history::Value value, int64_t begin, int64_t end) {
  Operation operation;
  operation.process = process;
  operation.kind = kind;
  operation.value = value;
  operation.begin = begin;
  operation.end = end;
  operation.outcome = end == kNever ? Outcome::kUnknown : Outcome::kYes;
  return operation;
}

// Few values, so that they repeat. Texts that are read are taken from possible ones.
History Draw(Rng* rng, Model model, uint64_t most) {
  History history = Empty(model, 3);
  std::vector<int64_t> free(4, 0);
  const uint64_t count = rng->Below(most) + 1;
  std::string text;
  for (uint64_t i = 0; i < count; ++i) {
    const auto process = static_cast<uint32_t>(rng->Below(4));
    const int64_t begin = free[process] + static_cast<int64_t>(rng->Below(5));
    int64_t end = begin + static_cast<int64_t>(rng->Below(12));
    free[process] = end + 1;  // clients meet at one instant, one client's operations do not
    const auto value = static_cast<history::Value>(rng->Below(3));
    const uint64_t kind = rng->Below(model == Model::kKvAppend ? 2 : 4);
    if (kind == 0) {
      Operation read = Op(process, Kind::kRead, value, begin, end);
      if (model == Model::kKvAppend) {
        const std::string seen = text.substr(0, text.size() - rng->Below(text.size() + 1) / 2);
        history.values.push_back(seen);
        read.value = static_cast<history::Value>(history.values.size() - 1);
      }
      history.operations.push_back(read);
      continue;
    }
    if (rng->Below(4) == 0) {
      end = kNever;
      free[process] = 1'000'000 + static_cast<int64_t>(i) * 100;
    }
    Operation change = Op(process, Kind::kWrite, value, begin, end);
    if (model == Model::kKvAppend) {
      change.kind = rng->Below(4) == 0 ? Kind::kWrite : Kind::kAppend;
      change.value = value + 1;
      const std::string& piece = history.TextOf(change.value);
      text = change.kind == Kind::kWrite ? piece : text + piece;
    } else if (kind > 1) {
      change.kind = Kind::kCas;
      change.expected = static_cast<history::Value>(rng->Below(3));
      if (end != kNever && rng->Below(3) == 0) change.outcome = Outcome::kNo;
    }
    history.operations.push_back(change);
  }
  std::stable_sort(history.operations.begin(), history.operations.end(),
                   [](const Operation& a, const Operation& b) { return a.begin < b.begin; });
  return history;
}

class SearchModels : public testing::TestWithParam<Model> {};
INSTANTIATE_TEST_SUITE_P(Models, SearchModels, testing::Values(Model::kRegister, Model::kKvAppend));

TEST_P(SearchModels, RandomHistoriesAreJudgedAsByTryingEveryOrder) {
  Rng rng(5);
  int bad = 0;
  const int count = RandomHistories(20'000);
  for (int i = 0; i < count; ++i) {
    const History history = Draw(&rng, GetParam(), 8);
    const bool holds = history::IsLinearizableByBruteForce(history);
    bad += holds ? 0 : 1;
    const Verdict verdict = JudgeLinearizable(history, Budget{});
    ASSERT_EQ(verdict.holds == Holds::kYes, holds) << "history " << i;
  }
  EXPECT_GT(bad, count / 10);
  EXPECT_LT(bad, count - count / 10);
}

// Adds the operations of another history of one key, as those of a new key.
void AddKey(const History& other, History* history) {
  const auto key = static_cast<uint32_t>(history->keys.size());
  const auto shift = static_cast<history::Value>(history->values.size() - 1);
  history->keys.push_back(absl::StrCat("key ", key));
  history->values.insert(history->values.end(), other.values.begin() + 1, other.values.end());
  for (Operation operation : other.operations) {
    operation.key = key;
    for (history::Value* value : {&operation.value, &operation.expected}) {
      if (*value != history::kNil) *value += shift;
    }
    history->operations.push_back(operation);
  }
  std::stable_sort(history->operations.begin(), history->operations.end(),
                   [](const Operation& a, const Operation& b) { return a.begin < b.begin; });
}

TEST_P(SearchModels, AHistoryIsLinearizableIfEachOfItsKeysIs) {
  Rng rng(7);
  std::map<std::vector<bool>, int> seen;
  for (int i = 0; i < 3'000; ++i) {
    History history = Empty(GetParam(), 0);
    history.keys.clear();
    std::vector<bool> holds;
    for (int key = 0; key < 2; ++key) {
      const History one = Draw(&rng, GetParam(), 8);
      holds.push_back(history::IsLinearizableByBruteForce(one));
      AddKey(one, &history);
    }
    const Verdict verdict = JudgeLinearizable(history, Budget{});
    ASSERT_EQ(verdict.holds == Holds::kYes, holds[0] && holds[1]) << "history " << i;
    ++seen[holds];
  }
  EXPECT_EQ(seen.size(), 4u);
  for (const auto& [holds, times] : seen) EXPECT_GT(times, 100);
}

TEST_P(SearchModels, AWitnessAloneIsAViolationAndNoneOfItsOperationsCanBeLeftOut) {
  Rng rng(6);
  int seen = 0;
  for (int i = 0; i < 4'000; ++i) {
    const History history = Draw(&rng, GetParam(), 9);
    const Verdict verdict = JudgeLinearizable(history, Budget{});
    if (verdict.holds != Holds::kNo || verdict.witness.size() < 2) continue;
    ++seen;
    const auto only = [&](const std::vector<size_t>& operations) {
      History out = history;
      out.operations.clear();
      for (const size_t index : operations) out.operations.push_back(history.operations[index]);
      return out;
    };
    ASSERT_FALSE(history::IsLinearizableByBruteForce(only(verdict.witness))) << "history " << i;
    for (size_t out = 0; out < verdict.witness.size(); ++out) {
      std::vector<size_t> rest = verdict.witness;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(out));
      if (!ExplainsReads(history, rest)) continue;  // it refers to an operation that was left out
      ASSERT_TRUE(history::IsLinearizableByBruteForce(only(rest))) << "history " << i;
    }
  }
  EXPECT_GT(seen, 500);
}

TEST(Search, TheOperationThatFitsNowhereIsNamed) {
  History history = Empty(Model::kRegister, 2);
  history.operations = {Op(0, Kind::kWrite, 1, 0, 10), Op(0, Kind::kWrite, 1, 20, 30),
                        Op(1, Kind::kWrite, 2, 40, 50), Op(0, Kind::kRead, 1, 60, 70),
                        Op(1, Kind::kRead, 2, 80, 90)};
  const Verdict verdict = JudgeLinearizable(history, Budget{});
  EXPECT_EQ(verdict.holds, Holds::kNo);
  EXPECT_THAT(verdict.reason, HasSubstr("p0 read b"));
  EXPECT_THAT(verdict.reason, HasSubstr("fits into no order"));
}

// Forty compare-and-sets of four kinds that were never answered: a search that tried each of them
// would try 2^40 orders.
TEST(Search, EqualOperationsThatWereNeverAnsweredAreInterchangeable) {
  History history = Empty(Model::kRegister, 5);
  history.processes.resize(100, "p");
  for (uint32_t i = 0; i < 40; ++i) {
    Operation cas = Op(i, Kind::kCas, static_cast<history::Value>(1 + (i + 1) % 4), 0, kNever);
    cas.expected = static_cast<history::Value>(1 + i % 4);
    history.operations.push_back(cas);
  }
  history.operations.push_back(Op(50, Kind::kWrite, 1, 1, 2));
  for (int i = 0; i < 30; ++i) {
    history.operations.push_back(
        Op(51, Kind::kRead, static_cast<history::Value>(1 + i % 4), 10 + 10 * i, 15 + 10 * i));
  }
  EXPECT_EQ(JudgeLinearizable(history, Budget{}).holds, Holds::kYes);
  history.operations.push_back(Op(51, Kind::kRead, 5, 1000, 1001));
  history.operations.push_back(Op(52, Kind::kWrite, 5, 1002, 1003));
  const Verdict verdict = JudgeLinearizable(history, Budget{});
  EXPECT_EQ(verdict.holds, Holds::kNo);
}

// Appends that overlap, read as in no order of theirs: every order has to be tried.
History Hard(int appends) {
  History history = Empty(Model::kKvAppend, 20);
  history.processes.resize(100, "p");
  for (int i = 0; i < appends; ++i) {
    history.operations.push_back(
        Op(static_cast<uint32_t>(i), Kind::kAppend, static_cast<history::Value>(i + 1), 0, 100));
  }
  history.values.push_back("none of these");
  history.operations.push_back(
      Op(90, Kind::kRead, static_cast<history::Value>(history.values.size() - 1), 200, 201));
  return history;
}

TEST(Search, ALimitIsAnsweredWithUnknown) {
  Budget time;
  int looks = 0;
  time.is_spent = [&looks] { return ++looks > 3; };
  const Verdict late = JudgeLinearizable(Hard(14), time);
  EXPECT_EQ(late.holds, Holds::kUnknown);
  EXPECT_THAT(late.reason, HasSubstr("--time-limit"));
  Budget memory;
  memory.memory_bytes = 1 << 16;
  const Verdict large = JudgeLinearizable(Hard(14), memory);
  EXPECT_EQ(large.holds, Holds::kUnknown);
  EXPECT_THAT(large.reason, HasSubstr("--memory"));
  EXPECT_EQ(JudgeLinearizable(Hard(5), Budget{}).holds, Holds::kNo);
}

TEST(Search, AKeyThatIsIllegalIsFoundBesideKeysThatTakeLong) {
  History history = Hard(14);
  history.keys.push_back("other");
  Operation read = Op(95, Kind::kRead, 3, 0, 1);
  read.key = 1;
  history.operations.insert(history.operations.begin(), read);
  const Verdict verdict = JudgeLinearizable(history, Budget{});
  EXPECT_EQ(verdict.holds, Holds::kNo);
  EXPECT_THAT(verdict.reason, HasSubstr("key other"));
}

}  // namespace
}  // namespace replsim::judge::search_test
