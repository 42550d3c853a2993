// Causal consistency of registers (simulator/judge/causal_registers.h).
#include "simulator/judge/causal_registers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "common/base/rng.h"
#include "simulator/history/read_history.h"
#include "simulator/judge/implications.h"
#include "simulator/judge/judge.h"
#include "tests/unit/register_histories.h"

namespace replsim::judge::causal_registers_test {
namespace {

using history::History;
using history::Kind;
using history::Operation;
using testing::HasSubstr;

constexpr uint32_t kX = 0;
constexpr uint32_t kY = 1;

Verdict JudgeCausalOf(const History& history) {
  return Judge(history, {Guarantee::kCausal}, {}).front();
}

// Decides by trying every order of the operations that extends the clients' orders and puts each
// read after its write: every write that happened before a read, other than the one that it saw,
// must be before the one that it saw.
class CausalBruteForce {
 public:
  explicit CausalBruteForce(const History& history) {
    for (const Operation& operation : history.operations) {
      const bool is_lost = operation.kind == Kind::kRead && operation.end == history::kNever;
      if (!is_lost) all_.push_back(operation);
    }
    const size_t size = all_.size();
    happened_.assign(size, std::vector<bool>(size, false));
    saw_.assign(size, kNone);
    for (size_t i = 0; i < size; ++i) {
      for (size_t j = 0; j < size; ++j) Relate(i, j);
    }
    for (size_t k = 0; k < size; ++k) {
      for (size_t i = 0; i < size; ++i) {
        for (size_t j = 0; j < size; ++j) {
          if (happened_[i][k] && happened_[k][j]) happened_[i][j] = true;
        }
      }
    }
  }

  bool Holds() const {
    std::vector<size_t> order(all_.size());
    std::iota(order.begin(), order.end(), size_t{0});
    for (size_t i = 0; i < all_.size(); ++i) {
      const bool unwritten =
          all_[i].kind == Kind::kRead && all_[i].value != history::kNil && saw_[i] == kNone;
      if (unwritten) return false;
    }
    do {
      if (Explains(order)) return true;
    } while (std::next_permutation(order.begin(), order.end()));
    return false;
  }

 private:
  void Relate(size_t i, size_t j) {
    const bool is_earlier = all_[i].process == all_[j].process && i < j;
    if (is_earlier && all_[i].end != history::kNever) happened_[i][j] = true;
    if (all_[i].kind == Kind::kWrite && all_[j].kind == Kind::kRead && all_[i].key == all_[j].key &&
        all_[i].value == all_[j].value) {
      saw_[j] = i;
      happened_[i][j] = true;
    }
  }
  bool Explains(const std::vector<size_t>& order) const {
    std::vector<size_t> place(order.size());
    for (size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    for (size_t i = 0; i < order.size(); ++i) {
      for (size_t j = 0; j < order.size(); ++j) {
        if (!happened_[i][j]) continue;
        if (place[i] >= place[j]) return false;
        const bool counts = all_[j].kind == Kind::kRead && all_[i].kind == Kind::kWrite &&
                            all_[i].key == all_[j].key && i != saw_[j];
        if (counts && (saw_[j] == kNone || place[i] > place[saw_[j]])) return false;
      }
    }
    return true;
  }

  std::vector<Operation> all_;
  std::vector<std::vector<bool>> happened_;
  std::vector<size_t> saw_;
};

TEST(CausalRegisters, AnAnswerIsNotSeenBeforeItsQuestion) {
  // Client 1 saw x = 1 and answered with y = 2. Client 2 sees the answer, and x as it was before.
  const History history = RegisterHistory()
                              .Write(0, kX, 1)
                              .Read(1, kX, 1)
                              .Write(1, kY, 2)
                              .Read(2, kY, 2)
                              .Read(2, kX, 0)
                              .Done();
  EXPECT_EQ(JudgeCausalOf(history).holds, Holds::kNo);
}

TEST(CausalRegisters, FollowsThroughMoreClientsThanTheSessionGuaranteesDo) {
  RegisterHistory history;
  history.Write(0, kX, 1).Read(1, kX, 1).Write(1, kY, 2).Read(2, kY, 2).Write(2, kY, 3);
  history.Read(3, kY, 3).Read(3, kX, 0);
  EXPECT_EQ(JudgeCausalOf(history.Done()).holds, Holds::kNo);
  for (const Guarantee guarantee : {Guarantee::kReadYourWrites, Guarantee::kMonotonicReads,
                                    Guarantee::kMonotonicWrites, Guarantee::kWritesFollowReads}) {
    EXPECT_EQ(Judge(history.Done(), {guarantee}, {}).front().holds, Holds::kYes)
        << NameOf(guarantee);
  }
}

TEST(CausalRegisters, TwoWritesThatKnowNothingOfEachOtherMayBeSeenInOneOrderOnly) {
  const auto seen = [](int first, int second) {
    return RegisterHistory()
        .Add(0, Kind::kWrite, kX, 1, 0, 10)
        .Add(1, Kind::kWrite, kX, 2, 0, 10)
        .Add(2, Kind::kRead, kX, 1, 20, 21)
        .Add(2, Kind::kRead, kX, 2, 22, 23)
        .Add(3, Kind::kRead, kX, first, 20, 21)
        .Add(3, Kind::kRead, kX, second, 22, 23)
        .Done();
  };
  EXPECT_EQ(JudgeCausalOf(seen(1, 2)).holds, Holds::kYes);
  EXPECT_EQ(JudgeCausalOf(seen(2, 1)).holds, Holds::kNo);
}

TEST(CausalRegisters, AWriteThatIsWrittenTwiceLeavesItUnknown) {
  const History history =
      RegisterHistory().Write(0, kX, 1).Write(1, kX, 1).Read(0, kX, 0).Write(0, kY, 2).Done();
  const Verdict verdict = JudgeCausalOf(history);
  EXPECT_EQ(verdict.holds, Holds::kUnknown);
  EXPECT_THAT(verdict.reason, HasSubstr("1 is written twice"));
}

TEST(CausalRegisters, AreJudgedAsByTryingEveryOrder) {
  Rng rng(21);
  int bad = 0;
  const int count = RandomHistories(2'000);
  for (int i = 0; i < count; ++i) {
    const History history = DrawRegisters(&rng, 7, 1 + static_cast<uint32_t>(i % 2));
    const bool holds = CausalBruteForce(history).Holds();
    bad += holds ? 0 : 1;
    const Verdict verdict = JudgeCausalOf(history);
    ASSERT_EQ(verdict.holds, holds ? Holds::kYes : Holds::kNo)
        << "history " << i << ": " << verdict.reason;
    for (const size_t index : verdict.witness) ASSERT_LT(index, history.operations.size());
    const Terms terms{.writes = WritesInOrder::kOfClients, .staleness = {}, .versions = {}};
    ASSERT_EQ(
        FindContradiction(history, Judge(history, GuaranteesOf(history.model), {}, terms), terms),
        "")
        << "history " << i;
  }
  EXPECT_GT(bad, count / 50);
  EXPECT_LT(bad, count - count / 10);
}

TEST(CausalRegisters, AWitnessAloneIsAViolationAndNoneOfItsOperationsCanBeLeftOut) {
  Rng rng(22);
  int seen = 0;
  for (int i = 0; i < 3'000; ++i) {
    const History history = DrawRegisters(&rng, 12, 1 + static_cast<uint32_t>(i % 2));
    const Verdict verdict = JudgeCausalOf(history);
    if (verdict.holds != Holds::kNo || verdict.witness.size() < 2 || verdict.witness.size() > 7) {
      continue;
    }
    ++seen;
    ASSERT_FALSE(CausalBruteForce(OnlyOf(history, verdict.witness)).Holds()) << "history " << i;
    for (size_t out = 0; out < verdict.witness.size(); ++out) {
      std::vector<size_t> rest = verdict.witness;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(out));
      ASSERT_TRUE(CausalBruteForce(OnlyOf(history, rest)).Holds())
          << "history " << i << " without " << out;
    }
  }
  EXPECT_GT(seen, 500);
}

// A single register has no name.
TEST(CausalRegisters, WithoutANameOfTheKeyATextNamesTheValueAlone) {
  const auto read = history::ReadHistory(
      "{:process 0 :type :invoke :f :write :value 1}{:process 0 :type :ok :f :write :value 1}\n"
      "{:process 1 :type :invoke :f :read}{:process 1 :type :ok :f :read :value 7}\n",
      "f", {});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(JudgeCausalOf(*read).reason, "process 1: read 7 (line 2): no operation wrote 7");
  const auto lost = history::ReadHistory(
      "{:process 0 :type :invoke :f :write :value 1}{:process 0 :type :ok :f :write :value 1}\n"
      "{:process 0 :type :invoke :f :write :value 2}{:process 0 :type :ok :f :write :value 2}\n"
      "{:process 0 :type :invoke :f :read}{:process 0 :type :ok :f :read :value 1}\n",
      "f", {});
  ASSERT_TRUE(lost.ok()) << lost.status();
  const Verdict verdict = JudgeCausalOf(*lost);
  EXPECT_EQ(verdict.holds, Holds::kNo);
  for (const std::string& because : verdict.because) {
    EXPECT_THAT(because, testing::Not(HasSubstr("  ")));
    EXPECT_THAT(because, testing::Not(HasSubstr("its  ")));
    EXPECT_THAT(because, testing::Not(testing::EndsWith("its ")));
  }
  EXPECT_THAT(verdict.because, testing::Contains(HasSubstr("knew its value and read the other's")));
}

}  // namespace
}  // namespace replsim::judge::causal_registers_test
