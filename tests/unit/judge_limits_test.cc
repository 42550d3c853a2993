// The limits of --time-limit and --memory, which every judge looks at (simulator/judge/watch.h).
#include "simulator/judge/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/rng.h"
#include "simulator/history/history.h"
#include "simulator/judge/judge.h"

namespace replsim::judge::judge_limits_test {
namespace {

using history::History;
using history::Kind;
using history::Model;
using testing::HasSubstr;

constexpr uint32_t kClients = 16;
constexpr uint32_t kKeys = 50;

History Empty(Model model) {
  History history;
  history.model = model;
  for (uint32_t i = 0; i < kClients; ++i) history.processes.push_back(absl::StrCat("p", i));
  for (uint32_t i = 0; i < kKeys; ++i) history.keys.push_back(absl::StrCat("k", i));
  return history;
}

// Each transaction reads the newest value of one key and writes another one.
History Transactions(uint32_t count) {
  History history = Empty(Model::kTransactions);
  std::vector<history::Value> newest(kKeys, history::kNil);
  Rng rng(1);
  for (uint32_t t = 0; t < count; ++t) {
    history::Transaction& transaction = history.transactions.emplace_back();
    transaction.begin = t * 10;
    transaction.end = t * 10 + 5 + static_cast<int64_t>(rng.Below(100));
    transaction.session = t % kClients;
    transaction.first = static_cast<uint32_t>(history.steps.size());
    transaction.count = 2;
    const auto read = static_cast<uint32_t>(rng.Below(kKeys));
    const auto write = static_cast<uint32_t>(rng.Below(kKeys));
    history.steps.push_back({Kind::kRead, read, newest[read]});
    newest[write] = static_cast<history::Value>(history.values.size());
    history.steps.push_back({Kind::kWrite, write, newest[write]});
    history.values.push_back("v");
  }
  return history;
}

History Lists(uint32_t count) {
  History history = Empty(Model::kListAppend);
  std::vector<std::vector<history::Value>> lists(kKeys);
  for (uint32_t t = 0; t < count; ++t) {
    history::Transaction& transaction = history.transactions.emplace_back();
    transaction.begin = t * 10;
    transaction.end = t * 10 + 5;
    transaction.session = t % kClients;
    transaction.first = static_cast<uint32_t>(history.steps.size());
    transaction.count = 2;
    std::vector<history::Value>& list = lists[t % kKeys];
    history.steps.push_back(
        {Kind::kRead, t % kKeys, static_cast<history::Value>(history.lists.size())});
    history.lists.push_back(list);
    list.push_back(static_cast<history::Value>(history.values.size()));
    history.steps.push_back({Kind::kAppend, t % kKeys, list.back()});
    history.values.push_back("v");
  }
  return history;
}

History Snapshots(Model model, uint32_t count) {
  History history = Empty(model);
  for (uint32_t i = 0; i < count; ++i) {
    history::Snapshot& read = history.snapshots.emplace_back();
    read.begin = i * 10;
    read.end = i * 10 + 5;
    if (model == Model::kBank) {
      for (uint32_t key = 0; key < kKeys; ++key) read.balances.emplace_back(key, 10);
      continue;
    }
    history::Operation& add = history.operations.emplace_back();
    add.kind = Kind::kAppend;
    add.begin = i * 10 - 5;
    add.end = i * 10 - 1;
    add.value = static_cast<history::Value>(history.values.size());
    history.values.push_back("v");
    for (const history::Operation& other : history.operations) {
      if (i % 100 == 0) read.elements.push_back(other.value);
    }
    if (i % 100 != 0) history.snapshots.pop_back();
  }
  return history;
}

// All transactions read and write one key.
History Registers(uint32_t count) {
  History history = Empty(Model::kRegister);
  Rng rng(2);
  for (uint32_t i = 0; i < count; ++i) {
    history::Operation& operation = history.operations.emplace_back();
    operation.begin = i * 10;
    operation.end = i * 10 + 5;
    operation.process = i % kClients;
    operation.kind = i % 2 == 0 ? Kind::kWrite : Kind::kRead;
    if (i % 2 == 0) {
      operation.value = static_cast<history::Value>(history.values.size());
      history.values.push_back("v");
    } else {
      operation.value = static_cast<history::Value>(1 + rng.Below(history.values.size() - 1));
    }
  }
  return history;
}

std::vector<History> Every(uint32_t count) {
  std::vector<History> all;
  all.push_back(Transactions(count));
  all.push_back(Lists(count / 10));
  all.push_back(Snapshots(Model::kBank, count));
  all.push_back(Snapshots(Model::kSet, count / 10));
  all.push_back(Registers(count));
  History forks = Transactions(count);
  forks.model = Model::kLongFork;
  for (history::Step& step : forks.steps) step.kind = Kind::kRead;
  all.push_back(std::move(forks));
  return all;
}

TEST(Limits, ABudgetThatIsSpentIsAnsweredWithUnknown) {
  Budget spent;
  spent.is_spent = [] { return true; };
  for (const History& history : Every(100)) {
    const std::vector<Guarantee> all = GuaranteesOf(history.model);
    const std::vector<Verdict> verdicts = Judge(history, all, spent);
    ASSERT_EQ(verdicts.size(), all.size());
    for (const Verdict& verdict : verdicts) {
      EXPECT_EQ(verdict.holds, Holds::kUnknown) << NameOf(verdict.guarantee);
      EXPECT_THAT(verdict.reason, HasSubstr("--time-limit"));
    }
  }
}

// A judge that reaches its limit stops within a few more checks, at whichever check that happens.
TEST(Limits, EveryJudgeStopsAtTheLookThatSaysSo) {
  for (const History& history : Every(20'000)) {
    for (const Guarantee guarantee : GuaranteesOf(history.model)) {
      int all = 0;
      Budget counting;
      counting.is_spent = [&all] { return ++all > 100'000; };
      Judge(history, {guarantee}, counting);
      EXPECT_GT(all, 3) << NameOf(guarantee);
      for (const int at : {1, all / 3, all / 2, all - 1}) {
        int looks = 0;
        Budget stopping;
        stopping.is_spent = [&] { return ++looks >= at; };
        const Verdict verdict = Judge(history, {guarantee}, stopping).front();
        EXPECT_LE(looks, at + 12) << NameOf(guarantee);
        EXPECT_TRUE(verdict.holds != Holds::kYes || at >= all - 1) << NameOf(guarantee);
      }
    }
  }
}

// In time of the processor: other programs do not count.
TEST(Limits, BetweenTwoLooksLittleTimePasses) {
  for (const History& history : Every(20'000)) {
    for (const Guarantee guarantee : GuaranteesOf(history.model)) {
      std::clock_t last = std::clock();
      std::clock_t longest = 0;
      const std::clock_t until = last + CLOCKS_PER_SEC;
      Budget timing;
      timing.is_spent = [&] {
        longest = std::max(longest, std::clock() - last);
        last = std::clock();
        return last > until;
      };
      Judge(history, {guarantee}, timing);
      EXPECT_LT(longest, CLOCKS_PER_SEC / 10) << NameOf(guarantee);
    }
  }
}

TEST(Limits, MemoryIsALimitOfTransactionsToo) {
  Budget small;
  small.memory_bytes = 1 << 14;
  for (const History& history :
       {Transactions(5'000), Lists(2'000), Snapshots(Model::kSet, 5'000)}) {
    for (const Verdict& verdict : Judge(history, {}, small)) {
      EXPECT_EQ(verdict.holds, Holds::kUnknown) << NameOf(verdict.guarantee);
      EXPECT_THAT(verdict.reason, HasSubstr("--memory")) << NameOf(verdict.guarantee);
    }
  }
}

}  // namespace
}  // namespace replsim::judge::judge_limits_test
