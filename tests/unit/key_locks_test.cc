#include "primary/core/key_locks.h"

#include <gtest/gtest.h>

namespace replsim::key_locks_test {
namespace {

WriteRequest Named(uint64_t id) {
  WriteRequest write;
  write.id = RequestId(id);
  write.command = "12345";
  return write;
}

TEST(KeyLocks, AKeyIsHeldUntilItsWriteIsVisible) {
  KeyLocks locks;
  EXPECT_FALSE(locks.IsHeld("a"));
  locks.Hold("a", Lsn(5));
  EXPECT_TRUE(locks.IsHeld("a"));
  EXPECT_FALSE(locks.IsHeld("b"));
  EXPECT_FALSE(locks.NextFree(Lsn(4)).has_value());
  EXPECT_TRUE(locks.IsHeld("a"));
  EXPECT_FALSE(locks.NextFree(Lsn(5)).has_value());
  EXPECT_FALSE(locks.IsHeld("a"));
}

TEST(KeyLocks, WritesOfOneKeyGetItInTheOrderInWhichTheyCame) {
  KeyLocks locks;
  locks.Hold("a", Lsn(1));
  locks.Wait("a", Named(7));
  locks.Wait("a", Named(8));
  EXPECT_EQ(locks.waiting(), 2u);
  EXPECT_EQ(locks.waiting_bytes(), 10u);
  EXPECT_EQ(locks.NextFree(Lsn(1))->id, RequestId(7));
  locks.Hold("a", Lsn(2));
  EXPECT_FALSE(locks.NextFree(Lsn(1)).has_value());
  EXPECT_EQ(locks.NextFree(Lsn(2))->id, RequestId(8));
  EXPECT_EQ(locks.waiting(), 0u);
}

TEST(KeyLocks, OneThatDoesNotTakeTheKeyLeavesItToTheNext) {
  KeyLocks locks;
  locks.Hold("a", Lsn(1));
  locks.Wait("a", Named(7));
  locks.Wait("a", Named(8));
  EXPECT_EQ(locks.NextFree(Lsn(1))->id, RequestId(7));
  EXPECT_EQ(locks.NextFree(Lsn(1))->id, RequestId(8));
  EXPECT_FALSE(locks.NextFree(Lsn(1)).has_value());
  EXPECT_FALSE(locks.IsHeld("a"));
}

TEST(KeyLocks, KeysDoNotWaitForEachOther) {
  KeyLocks locks;
  locks.Hold("a", Lsn(1));
  locks.Hold("b", Lsn(2));
  locks.Wait("b", Named(8));
  locks.Wait("a", Named(7));
  EXPECT_EQ(locks.NextFree(Lsn(1))->id, RequestId(7));
  EXPECT_FALSE(locks.NextFree(Lsn(1)).has_value());
  EXPECT_EQ(locks.NextFree(Lsn(2))->id, RequestId(8));
}

TEST(KeyLocks, DropGivesBackAllThatWait) {
  KeyLocks locks;
  locks.Hold("a", Lsn(1));
  locks.Wait("a", Named(7));
  EXPECT_EQ(locks.Drop().size(), 1u);
  EXPECT_FALSE(locks.IsHeld("a"));
  EXPECT_EQ(locks.waiting_bytes(), 0u);
}

}  // namespace
}  // namespace replsim::key_locks_test
