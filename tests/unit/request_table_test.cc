#include "common/storage/store/request_table.h"

#include <gtest/gtest.h>

namespace replsim::request_table_test {
namespace {

Position At(uint64_t lsn) { return {Epoch(1), Lsn(lsn)}; }

TEST(RequestTable, KnowsTheLastRequestOfEveryClient) {
  RequestTable table;
  EXPECT_EQ(table.Find(7), nullptr);
  table.Add(7, 1, At(1));
  table.Add(8, 1, At(2));
  table.Add(7, 4, At(3));
  ASSERT_NE(table.Find(7), nullptr);
  EXPECT_EQ(table.Find(7)->sequence, 4u);
  EXPECT_EQ(table.Find(7)->position, At(3));
  EXPECT_EQ(table.Find(8)->sequence, 1u);
}

TEST(RequestTable, KnowsThoseThatWroteLastAndIsBounded) {
  RequestTable table(10);
  for (uint64_t client = 1; client <= 1000; ++client) {
    table.Add(client, 1, At(client));
    EXPECT_LE(table.size(), 20u);
    for (uint64_t last = client < 10 ? 1 : client - 9; last <= client; ++last) {
      ASSERT_NE(table.Find(last), nullptr) << last << " of " << client;
      EXPECT_EQ(table.Find(last)->position, At(last));
    }
  }
  EXPECT_EQ(table.Find(1), nullptr);
}

TEST(RequestTable, WhoWritesOnIsNotForgottenAndHasOneEntryThatCounts) {
  RequestTable table(2);
  uint64_t lsn = 0;
  for (uint64_t sequence = 1; sequence <= 100; ++sequence) {
    table.Add(1, sequence, At(++lsn));
    table.Add(1000 + sequence, 1, At(++lsn));
    ASSERT_NE(table.Find(1), nullptr);
    EXPECT_EQ(table.Find(1)->sequence, sequence);
  }
}

}  // namespace
}  // namespace replsim::request_table_test
