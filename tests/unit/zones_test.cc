// Linearizability of registers with unique values (simulator/judge/zones.h).
#include "simulator/judge/zones.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/rng.h"
#include "simulator/judge/linearizable.h"
#include "tests/unit/brute_force.h"
#include "tests/unit/register_histories.h"

namespace replsim::judge::zones_test {
namespace {

using history::History;
using history::Kind;
using history::kNever;
using history::Operation;
using testing::ElementsAre;
using testing::HasSubstr;

// A history of one register, built operation by operation; values are numbers from 1 on.
class Register {
 public:
  Register& Write(uint32_t process, int value, int64_t begin, int64_t end) {
    return Add(process, Kind::kWrite, value, begin, end);
  }
  Register& Read(uint32_t process, int value, int64_t begin, int64_t end) {
    return Add(process, Kind::kRead, value, begin, end);
  }
  History Done() const {
    History history = history_;
    history.keys = {"x"};
    history.has_times = true;
    std::stable_sort(history.operations.begin(), history.operations.end(),
                     [](const Operation& a, const Operation& b) { return a.begin < b.begin; });
    return history;
  }
  ZonesOfKey Judge() const {
    const History history = Done();
    std::vector<uint32_t> all(history.operations.size());
    std::iota(all.begin(), all.end(), 0u);
    Watch watch(budget_);
    ValueTable table(history);
    return JudgeZones(history, all, &table, &watch);
  }

 private:
  Register& Add(uint32_t process, Kind kind, int value, int64_t begin, int64_t end) {
    while (history_.values.size() <= static_cast<size_t>(value)) {
      history_.values.push_back(absl::StrCat("v", history_.values.size()));
    }
    while (history_.processes.size() <= process) {
      history_.processes.push_back(absl::StrCat("p", history_.processes.size()));
    }
    Operation& operation = history_.operations.emplace_back();
    operation.process = process;
    operation.kind = kind;
    operation.value = value;
    operation.begin = begin;
    operation.end = end;
    if (end == kNever) operation.outcome = history::Outcome::kUnknown;
    return *this;
  }

  const Budget budget_;
  History history_;
};

TEST(Zones, AReadOfWhatWasOverwrittenIsLateByTheTimeSince) {
  const ZonesOfKey zones =
      Register().Write(0, 1, 0, 10).Write(0, 2, 20, 30).Read(1, 1, 45, 50).Judge();
  ASSERT_TRUE(zones.violation);
  EXPECT_EQ(zones.late_by, 15);
  EXPECT_THAT(zones.late_reads, ElementsAre(15));
  EXPECT_THAT(zones.violation->witness, ElementsAre(0, 1, 2));
  EXPECT_THAT(zones.violation->because.back(), HasSubstr("a contradiction"));
}

TEST(Zones, ReadsOfTwoClientsThatSeeTwoWritesInOppositeOrdersContradict) {
  // The writes overlap everything: only the reads order them.
  const ZonesOfKey zones = Register()
                               .Write(0, 1, 0, 100)
                               .Write(1, 2, 0, 100)
                               .Read(2, 1, 10, 20)
                               .Read(2, 2, 30, 40)
                               .Read(3, 1, 50, 60)
                               .Judge();
  ASSERT_TRUE(zones.violation);
  EXPECT_EQ(zones.late_by, 10) << "the last read, moved to the end of the first of the other value";
}

TEST(Zones, OperationsThatMeetAtOneInstantOverlap) {
  EXPECT_FALSE(Register().Write(0, 1, 0, 10).Read(1, 0, 10, 20).Judge().violation);
  EXPECT_TRUE(Register().Write(0, 1, 0, 10).Read(1, 0, 11, 20).Judge().violation);
}

TEST(Zones, OneClientsOperationsFollowEachOtherAtOneInstant) {
  const ZonesOfKey zones = Register().Write(0, 1, 0, 10).Read(0, 0, 10, 20).Judge();
  ASSERT_TRUE(zones.violation);
  EXPECT_EQ(zones.late_by, 1);
}

TEST(Zones, EveryReadThatBeginsAsItsClientsNewerWriteEndsIsLate) {
  const ZonesOfKey zones = Register()
                               .Write(0, 1, 0, 10)
                               .Read(0, 0, 10, 20)
                               .Write(0, 2, 20, 30)
                               .Read(0, 1, 30, 35)
                               .Read(1, 0, 30, 35)
                               .Judge();
  EXPECT_THAT(zones.late_reads, ElementsAre(1, 1, 20));
  EXPECT_EQ(zones.late_by, 20);
}

// Moving reads does not help the order of two writes of one client.
TEST(Zones, AfterTwoWritesThatMeetAReadOfTheFirstIsLateByTheTimeSinceTheSecond) {
  const ZonesOfKey zones =
      Register().Write(0, 1, 0, 10).Write(0, 2, 10, 20).Read(1, 1, 25, 30).Judge();
  ASSERT_TRUE(zones.violation);
  EXPECT_EQ(zones.late_by, 5);
  EXPECT_THAT(zones.late_reads, ElementsAre(5));
}

TEST(Zones, AWriteThatWasNeverAnsweredMayHappenLateOrNever) {
  EXPECT_FALSE(Register().Write(0, 1, 0, kNever).Read(1, 0, 50, 60).Judge().violation);
  EXPECT_FALSE(
      Register().Write(0, 1, 0, kNever).Read(1, 0, 50, 60).Read(1, 1, 70, 80).Judge().violation);
  EXPECT_TRUE(
      Register().Write(0, 1, 0, kNever).Read(1, 1, 50, 60).Read(1, 0, 70, 80).Judge().violation);
}

TEST(Zones, NoDelayExcusesAValueFromTheFutureOrFromNowhere) {
  const ZonesOfKey future = Register().Read(0, 1, 0, 10).Write(1, 1, 20, 30).Judge();
  ASSERT_TRUE(future.violation);
  EXPECT_FALSE(future.late_by);
  EXPECT_THAT(future.violation->reason, HasSubstr("from the future"));
  const ZonesOfKey nowhere = Register().Read(0, 7, 0, 10).Judge();
  ASSERT_TRUE(nowhere.violation);
  EXPECT_FALSE(nowhere.late_by);
}

// A random history of up to `most` operations in which each value is written once. In half of them
// the next operation of a client may begin at the instant at which the last one ended. Operations
// take at least `least`.
Register Draw(Rng* rng, uint64_t most, int64_t least = 0) {
  Register out;
  const uint64_t count = rng->Below(most) + 1;
  const int64_t rest = rng->Below(2) == 0 ? 0 : 1;
  std::vector<int64_t> free(3, 0);  // by process
  int written = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const auto process = static_cast<uint32_t>(rng->Below(3));
    const int64_t begin = free[process] + static_cast<int64_t>(rng->Below(6));
    int64_t end = begin + least + static_cast<int64_t>(rng->Below(12));
    free[process] = end + rest;
    if (rng->Below(2) == 0) {
      if (rng->Below(5) == 0) {
        end = kNever;
        free[process] = 1'000'000 + static_cast<int64_t>(i) * 100;
      }
      out.Write(process, ++written, begin, end);
    } else {
      out.Read(process, static_cast<int>(rng->Below(static_cast<uint64_t>(written) + 2)), begin,
               end);
    }
  }
  return out;
}

TEST(Zones, RandomHistoriesAreJudgedAsByTryingEveryOrder) {
  Rng rng(1);
  int bad = 0;
  const int count = RandomHistories(20'000);
  for (int i = 0; i < count; ++i) {
    const Register drawn = Draw(&rng, 7);
    const History history = drawn.Done();
    const bool holds = history::IsLinearizableByBruteForce(history);
    bad += holds ? 0 : 1;
    ASSERT_EQ(!drawn.Judge().violation, holds) << "history " << i;
  }
  EXPECT_GT(bad, count / 5) << "both verdicts are drawn often";
  EXPECT_LT(bad, count - count / 5);
}

// Moves the begin of every read earlier. A read that was moved does not follow the operation of its
// client that ends where it begins now: times are doubled, and it begins half a unit before that.
History Moved(History history, int64_t by) {
  if (by == 0) return history;
  for (Operation& operation : history.operations) {
    operation.begin = 2 * operation.begin - (operation.kind == Kind::kRead ? 2 * by + 1 : 0);
    if (operation.end != kNever) operation.end *= 2;
  }
  std::stable_sort(history.operations.begin(), history.operations.end(),
                   [](const Operation& a, const Operation& b) { return a.begin < b.begin; });
  return history;
}

TEST(Zones, TheLatenessOfRandomHistoriesIsTheSmallestThatMakesThemLinearizable) {
  Rng rng(2);
  int late = 0;
  const int count = RandomHistories(20'000);
  for (int i = 0; i < count; ++i) {
    // Of a read that took no time and was moved, the times do not say what its client did before.
    const Register drawn = Draw(&rng, 7, /*least=*/1);
    const ZonesOfKey zones = drawn.Judge();
    if (!zones.violation) continue;
    ++late;
    if (!zones.late_by) {
      ASSERT_FALSE(history::IsLinearizableByBruteForce(Moved(drawn.Done(), 10'000'000)));
      continue;
    }
    ASSERT_TRUE(history::IsLinearizableByBruteForce(Moved(drawn.Done(), *zones.late_by)))
        << "history " << i;
    ASSERT_FALSE(history::IsLinearizableByBruteForce(Moved(drawn.Done(), *zones.late_by - 1)))
        << "history " << i;
    if (!zones.late_reads.empty()) {
      ASSERT_EQ(*std::max_element(zones.late_reads.begin(), zones.late_reads.end()),
                *zones.late_by);
    }
  }
  EXPECT_GT(late, 4'000);
}

// The operations of a witness alone. A read whose write is left out is dropped.
History Only(const History& history, const std::vector<size_t>& operations) {
  History out = history;
  out.operations.clear();
  for (const size_t index : operations) {
    const Operation& operation = history.operations[index];
    bool written = operation.kind != Kind::kRead || operation.value == history.initial;
    for (const size_t other : operations) {
      written |= history.operations[other].kind == Kind::kWrite &&
                 history.operations[other].value == operation.value;
    }
    if (written) out.operations.push_back(operation);
  }
  return out;
}

TEST(Zones, AWitnessAloneIsAViolationAndNoneOfItsOperationsCanBeLeftOut) {
  Rng rng(3);
  int seen = 0;
  for (int i = 0; i < 10'000; ++i) {
    const Register drawn = Draw(&rng, 9);
    const ZonesOfKey zones = drawn.Judge();
    if (!zones.violation || !zones.late_by) continue;
    ++seen;
    const History history = drawn.Done();
    const std::vector<size_t>& witness = zones.violation->witness;
    ASSERT_LE(witness.size(), 6u);
    ASSERT_FALSE(history::IsLinearizableByBruteForce(Only(history, witness))) << "history " << i;
    for (size_t out = 0; out < witness.size(); ++out) {
      std::vector<size_t> rest = witness;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(out));
      ASSERT_TRUE(history::IsLinearizableByBruteForce(Only(history, rest)))
          << "history " << i << " without " << out;
    }
  }
  EXPECT_GT(seen, 1'000);
}

TEST(Zones, ManyWritesThatOverlapOneThatWasNeverAnsweredAreJudgedAsBySearch) {
  Rng rng(4);
  for (int i = 0; i < 200; ++i) {
    Register drawn;
    drawn.Write(0, 1, 0, kNever);
    for (int w = 0; w < 150; ++w) {
      drawn.Write(1, w + 2, 10 * w, 10 * w + 5);
      if (rng.Below(3) == 0) {
        const int back = static_cast<int>(rng.Below(2));
        drawn.Read(2, std::max(w + 2 - back, 2), 10 * w + 1, 10 * w + 8);
      }
    }
    const auto at = static_cast<int64_t>(1400 + rng.Below(100));
    drawn.Read(3, 1, at, at + 3);
    const auto again = static_cast<int64_t>(700 + rng.Below(790));
    drawn.Read(4, 2 + static_cast<int>(rng.Below(150)), again, again + 3);
    const ZonesOfKey zones = drawn.Judge();
    History history = drawn.Done();
    // A compare-and-set that failed makes the judge search.
    Operation never = history.operations.back();
    never.kind = Kind::kCas;
    never.outcome = history::Outcome::kNo;
    never.expected = static_cast<history::Value>(history.values.size());
    never.process = 5;
    history.values.push_back("never there");
    history.processes.resize(6, "p");
    history.operations.push_back(never);
    const Verdict searched = JudgeLinearizable(history, Budget{});
    ASSERT_EQ(searched.holds == Holds::kYes, !zones.violation) << "history " << i;
  }
}

}  // namespace
}  // namespace replsim::judge::zones_test
