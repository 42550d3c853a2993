// The order of strength of guarantees, and what a report says first (guarantee_order.h).
#include "simulator/analysis/reads/guarantee_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace replsim::guarantee_order_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using Consistency = proto::RunReport::Consistency;

// Every guarantee was checked on ten operations and held; linearizable on ten reads of two keys.
Consistency AllHeld() {
  Consistency consistency;
  consistency.set_reads(10);
  for (proto::RunReport::Anomaly* anomaly :
       {consistency.mutable_sequential(), consistency.mutable_consistent_prefix(),
        consistency.mutable_monotonic_reads(), consistency.mutable_read_your_writes(),
        consistency.mutable_monotonic_writes(), consistency.mutable_writes_follow_reads()}) {
    anomaly->set_count(0);
    anomaly->set_checked(10);
  }
  consistency.mutable_linearizable()->set_holds(true);
  consistency.mutable_linearizable()->set_keys(2);
  consistency.mutable_linearizable()->set_bad_keys(0);
  consistency.mutable_linearizable()->set_reads(10);
  consistency.mutable_linearizable()->set_late_by_ms(0);
  return consistency;
}

void BreakLinearizable(Consistency* consistency) {
  proto::RunReport::Linearizable& found = *consistency->mutable_linearizable();
  found.set_holds(false);
  found.set_bad_keys(1);
  found.set_late_reads(4);
  found.set_late_by_ms(26.913585);
  found.set_reason("key k0002: client 7 read c7-53, after it had been overwritten");
}

proto::ConsistencySummary Summarize(Consistency consistency) {
  SummarizeConsistency(&consistency);
  return consistency.summary();
}

TEST(GuaranteeOrder, NothingIsAboveWhatImpliesIt) {
  const std::vector<Guarantee>& table = GuaranteesByStrength();
  const auto place = [&](absl::string_view name) {
    return std::find_if(table.begin(), table.end(),
                        [&](const Guarantee& guarantee) { return guarantee.name == name; }) -
           table.begin();
  };
  for (const Guarantee& guarantee : table) {
    for (const absl::string_view implied : guarantee.implies) {
      ASSERT_LT(place(implied), static_cast<std::ptrdiff_t>(table.size())) << implied;
      EXPECT_LT(place(guarantee.name), place(implied)) << guarantee.name << " implies " << implied;
      for (const absl::string_view further : table[place(implied)].implies) {
        EXPECT_THAT(guarantee.implies, testing::Contains(further))
            << guarantee.name << " implies " << implied;
      }
    }
  }
  EXPECT_EQ(table.front().implies.size(), table.size() - 1) << "the strongest implies all";
}

TEST(GuaranteeOrder, OfWhatHeldOnlyTheStrongestAreNamed) {
  EXPECT_THAT(StrongestOf({"sequential", "monotonic_reads", "linearizable"}),
              ElementsAre("linearizable"));
  EXPECT_THAT(StrongestOf({"writes_follow_reads", "monotonic_reads", "consistent_prefix"}),
              ElementsAre("consistent_prefix", "writes_follow_reads"));
  EXPECT_THAT(StrongestOf({}), IsEmpty());
}

TEST(ConsistencySummary, TheStrongestIsAllThereIsToSayWhereAllHeld) {
  const auto summary = Summarize(AllHeld());
  EXPECT_EQ(summary.text(), "linearizable held");
  EXPECT_EQ(summary.strongest_held(), "linearizable");
  EXPECT_EQ(summary.first_failed(), "");
  EXPECT_EQ(summary.verdicts_size(), 7);
}

TEST(ConsistencySummary, SaysWhatHeldThenWhatDidNotHowOftenAndByHowMuch) {
  Consistency consistency = AllHeld();
  BreakLinearizable(&consistency);
  const auto summary = Summarize(consistency);
  EXPECT_EQ(summary.text(),
            "sequential held; NOT linearizable: 4 of 10 reads late, by up to 26.9 ms; 1 of 2 keys");
  EXPECT_EQ(summary.strongest_held(), "sequential");
  EXPECT_EQ(summary.first_failed(), "linearizable");
  EXPECT_DOUBLE_EQ(summary.verdicts(0).rate(), 40);
  EXPECT_THAT(summary.verdicts(0).witness(), StartsWith("key k0002: client 7 read c7-53"));
}

TEST(ConsistencySummary, NamesWhatNoOtherOneImplies) {
  Consistency consistency = AllHeld();
  BreakLinearizable(&consistency);
  for (proto::RunReport::Anomaly* anomaly :
       {consistency.mutable_sequential(), consistency.mutable_consistent_prefix(),
        consistency.mutable_monotonic_reads()}) {
    anomaly->set_count(3);
  }
  EXPECT_THAT(Summarize(consistency).text(),
              StartsWith("read your writes, monotonic writes and writes follow reads held; NOT "
                         "linearizable: "));
}

TEST(ConsistencySummary, AViolationThatNoDelayExplainsIsCountedInKeys) {
  Consistency consistency = AllHeld();
  BreakLinearizable(&consistency);
  consistency.mutable_linearizable()->set_late_reads(0);
  consistency.mutable_linearizable()->clear_late_by_ms();
  EXPECT_THAT(Summarize(consistency).text(),
              HasSubstr("NOT linearizable: 1 of 2 keys; no delay of the reads explains it"));
}

TEST(ConsistencySummary, WhatNoOperationCouldViolateIsNotJudged) {
  Consistency consistency = AllHeld();
  consistency.clear_linearizable();
  consistency.mutable_read_your_writes()->set_checked(0);
  consistency.mutable_monotonic_writes()->set_count(1);
  const auto summary = Summarize(consistency);
  EXPECT_EQ(summary.text(),
            "sequential held; NOT monotonic writes: 1 of 10 writes before an earlier one of the "
            "client; not judged: linearizable")
      << "the log can have another order than the clients saw";
  EXPECT_EQ(summary.verdicts_size(), 5);
}

TEST(ConsistencySummary, WithoutReadsItSaysSo) {
  Consistency consistency = AllHeld();
  consistency.clear_linearizable();
  consistency.set_reads(0);
  const auto summary = Summarize(consistency);
  EXPECT_EQ(summary.text(), "not judged: no read was answered");
  EXPECT_EQ(summary.not_judged(), "no read was answered");
  EXPECT_THAT(summary.verdicts(), IsEmpty()) << "writes alone show nothing to anybody";
  EXPECT_EQ(summary.strongest_held(), "");
}

TEST(ConsistencySummary, ThatNothingHeldIsSaid) {
  Consistency consistency;
  consistency.set_reads(5);
  BreakLinearizable(&consistency);
  consistency.mutable_linearizable()->set_reads(5);
  EXPECT_THAT(Summarize(consistency).text(), StartsWith("no guarantee held; NOT linearizable"));
  EXPECT_THAT(Summarize(consistency).text(), Not(HasSubstr("not judged")));
}

}  // namespace
}  // namespace replsim::guarantee_order_test
