#include "primary/core/sync_set_position.h"

#include <gtest/gtest.h>

namespace replsim::sync_set_position_test {
namespace {

using Kind = SyncSet::Kind;

MemberPosition At(const char* id, uint64_t lsn, bool streaming = true) {
  return {id, streaming, Lsn(lsn)};
}

TEST(Gate, AnyKIsTheKthHighest) {
  const std::vector<MemberPosition> members = {At("r1", 5), At("r2", 9), At("r3", 7)};
  EXPECT_EQ(SetPosition({Kind::kAny, 1, {}}, members, 4), Lsn(9));
  EXPECT_EQ(SetPosition({Kind::kAny, 2, {}}, members, 4), Lsn(7));
  EXPECT_EQ(SetPosition({Kind::kAny, 3, {}}, members, 4), Lsn(5));
}

TEST(Gate, MoreThanThereAreIsNeverReached) {
  EXPECT_EQ(SetPosition({Kind::kAny, 3, {}}, {At("r1", 5), At("r2", 9)}, 3), Lsn(0));
  EXPECT_EQ(SetPosition({Kind::kAll, 1, {}}, {}, 1), Lsn(0));
}

TEST(Gate, WhatADisconnectedMemberReportedStillCounts) {
  EXPECT_EQ(SetPosition({Kind::kAny, 1, {}}, {At("r1", 9, false), At("r2", 4)}, 3), Lsn(9));
  EXPECT_EQ(SetPosition({Kind::kAll, 1, {}}, {At("r1", 9, false), At("r2", 4)}, 3), Lsn(4));
}

TEST(Gate, FirstKWaitsForThoseOfHighestPriority) {
  const std::vector<MemberPosition> members = {At("r1", 5), At("r2", 9), At("r3", 7)};
  EXPECT_EQ(SetPosition({Kind::kFirst, 1, {}}, members, 4), Lsn(5));
  EXPECT_EQ(SetPosition({Kind::kFirst, 2, {NodeId("r3"), NodeId("r2"), NodeId("r1")}}, members, 4),
            Lsn(7));
}

TEST(Gate, APotentialOneStepsUpWhenABetterOneDisconnects) {
  const SyncSet set{Kind::kFirst, 1, {NodeId("r1"), NodeId("r2")}};
  EXPECT_EQ(SetPosition(set, {At("r1", 5), At("r2", 9)}, 3), Lsn(5));
  EXPECT_EQ(SetPosition(set, {At("r1", 5, false), At("r2", 9)}, 3), Lsn(9));
  EXPECT_EQ(SetPosition(set, {At("r1", 5, false), At("r2", 9, false)}, 3), Lsn(0));
}

TEST(Gate, OneThatIsNotListedNeverStepsUp) {
  const SyncSet set{Kind::kFirst, 1, {NodeId("r1")}};
  EXPECT_EQ(SetPosition(set, {At("r1", 5, false), At("r2", 9)}, 3), Lsn(0));
}

TEST(Gate, MajorityCountsThePrimary) {
  const std::vector<MemberPosition> two = {At("r1", 5), At("r2", 9)};
  EXPECT_EQ(SetPosition({Kind::kMajority, 0, {}}, two, 3), Lsn(9));  // p and r2
  const std::vector<MemberPosition> three = {At("r1", 5), At("r2", 9), At("r3", 7)};
  EXPECT_EQ(SetPosition({Kind::kMajority, 0, {}}, three, 4), Lsn(7));  // p, r2 and r3
}

}  // namespace
}  // namespace replsim::sync_set_position_test
