// Transactions on registers and on lists, drawn at random: the judges (isolation.h, list_append.h,
// linearizable.h) say what trying every order says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <vector>

#include "common/base/rng.h"
#include "simulator/judge/isolation.h"
#include "simulator/judge/judge.h"
#include "tests/unit/register_histories.h"
#include "tests/unit/transaction_histories.h"

namespace replsim::judge::random_transactions_test {
namespace {

using history::History;
using history::Model;
using transactions::Drawing;
using transactions::IsolationBruteForce;
using transactions::IsStrictSerializable;
using transactions::PartOf;
using transactions::TextOf;

// Expects that the witness alone is a violation, and that none of its transactions can be left out.
void ExpectMinimal(const History& history, const std::vector<size_t>& witness,
                   const std::function<bool(const History&)>& holds) {
  ASSERT_FALSE(holds(PartOf(history, witness)))
      << testing::PrintToString(witness) << TextOf(history);
  for (size_t out = 0; out < witness.size() && witness.size() > 1; ++out) {
    std::vector<size_t> rest = witness;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(out));
    ASSERT_TRUE(holds(PartOf(history, rest)))
        << testing::PrintToString(witness) << " without " << witness[out] << TextOf(history);
  }
}

TEST(RandomTransactions, AWitnessOfIsolationIsMinimal) {
  Rng rng(43);
  int seen = 0;
  for (int i = 0; i < 2'000; ++i) {
    const History history = Drawing(&rng, Model::kTransactions, 6, 0.3).Done();
    for (const Verdict& verdict : JudgeIsolation(
             history, {Guarantee::kCausal, Guarantee::kReadAtomic, Guarantee::kReadCommitted},
             Budget{})) {
      if (verdict.holds != Holds::kNo) continue;
      ++seen;
      ASSERT_NO_FATAL_FAILURE(ExpectMinimal(
          history, verdict.witness,
          [&](const History& part) { return IsolationBruteForce(part).Holds(verdict.guarantee); }))
          << "history " << i << ", " << NameOf(verdict.guarantee) << ": " << verdict.reason;
    }
  }
  EXPECT_GT(seen, 500);
}

TEST(RandomTransactions, IsolationIsJudgedAsByTryingEveryOrder) {
  Rng rng(41);
  const int count = RandomHistories(10'000);
  std::map<Guarantee, int> bad;
  for (int i = 0; i < count; ++i) {
    const History history = Drawing(&rng, Model::kTransactions, 6, 0.3).Done();
    for (const Verdict& verdict : JudgeIsolation(
             history, {Guarantee::kCausal, Guarantee::kReadAtomic, Guarantee::kReadCommitted},
             Budget{})) {
      const bool holds = IsolationBruteForce(history).Holds(verdict.guarantee);
      bad[verdict.guarantee] += holds ? 0 : 1;
      ASSERT_EQ(verdict.holds, holds ? Holds::kYes : Holds::kNo)
          << "history " << i << ", " << NameOf(verdict.guarantee) << ": " << verdict.reason
          << TextOf(history);
    }
  }
  EXPECT_GT(bad[Guarantee::kReadCommitted], count / 50);
  EXPECT_GT(bad[Guarantee::kReadAtomic], bad[Guarantee::kReadCommitted] + count / 50);
  EXPECT_GT(bad[Guarantee::kCausal], bad[Guarantee::kReadAtomic]);
  EXPECT_LT(bad[Guarantee::kCausal], count - count / 5);
}

class StrictModels : public testing::TestWithParam<Model> {
 protected:
  static Verdict JudgeIt(const History& history) {
    return Judge(history, {Guarantee::kStrictSerializable}, Budget{}).front();
  }
};
INSTANTIATE_TEST_SUITE_P(Models, StrictModels,
                         testing::Values(Model::kTransactions, Model::kListAppend));

TEST_P(StrictModels, RandomTransactionsAreJudgedAsByTryingEveryOrder) {
  Rng rng(42);
  const int count = RandomHistories(10'000);
  int bad = 0;
  for (int i = 0; i < count; ++i) {
    const History history = Drawing(&rng, GetParam(), 6, 0.1).Done();
    const bool holds = IsStrictSerializable(history);
    bad += holds ? 0 : 1;
    const Verdict verdict = JudgeIt(history);
    ASSERT_EQ(verdict.holds, holds ? Holds::kYes : Holds::kNo)
        << "history " << i << ": " << verdict.reason << TextOf(history);
  }
  EXPECT_GT(bad, count / 20);
  EXPECT_LT(bad, count - count / 5);
}

TEST_P(StrictModels, AWitnessIsMinimal) {
  Rng rng(44);
  int seen = 0;
  for (int i = 0; i < 6'000; ++i) {
    const History history = Drawing(&rng, GetParam(), 6, 0.1).Done();
    const Verdict verdict = JudgeIt(history);
    if (verdict.holds != Holds::kNo) continue;
    ++seen;
    ASSERT_NO_FATAL_FAILURE(ExpectMinimal(history, verdict.witness, IsStrictSerializable))
        << "history " << i << ": " << verdict.reason;
  }
  EXPECT_GT(seen, 500);
}

}  // namespace
}  // namespace replsim::judge::random_transactions_test
