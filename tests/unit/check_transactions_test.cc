// Which mixes may have transactions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "simulator/scenario/scenario.h"

namespace replsim::check_transactions_test {
namespace {

using testing::HasSubstr;

// Why a workload is refused.
std::string RefusalOf(const std::string& workload) {
  const auto loaded = LoadScenarioText(
      "duration: 5s\nworkload: {arrival: {rate: 1/s}, " + workload + "}\n", "t.yaml", {}, {});
  return loaded.ok() ? "accepted" : std::string(loaded.status().message());
}

TEST(CheckTransactions, AMixMayHaveTransactionsBesideReadsAndPuts) {
  EXPECT_EQ(RefusalOf("mix: {transaction: 1, write: 1, read: 2}"), "accepted");
  EXPECT_EQ(RefusalOf("mix: {transaction: 1}, transaction_keys: 8, keys: {count: 8}"), "accepted");
  EXPECT_THAT(RefusalOf("mix: {transaction: 1, cas: 1}"), HasSubstr("only write and read"));
  EXPECT_THAT(RefusalOf("mix: {transaction: 1, write: 1, append: 1}"),
              HasSubstr("only write and read"));
  EXPECT_THAT(RefusalOf("mix: {transaction: 1, delete: 1}"), HasSubstr("only write and read"));
  EXPECT_THAT(RefusalOf("mix: {transaction: 1}, style: ticket"), HasSubstr("has transaction, but"));
  EXPECT_THAT(RefusalOf("mix: {transaction: 1}, transaction_keys: 1"),
              HasSubstr("expected 2 to 8"));
  EXPECT_THAT(RefusalOf("mix: {transaction: 1}, transaction_keys: 9"),
              HasSubstr("expected 2 to 8"));
  EXPECT_THAT(RefusalOf("mix: {transaction: 1}, keys: {count: 1}"),
              HasSubstr("transaction_keys is 2, but workload.keys.count is 1"));
  EXPECT_THAT(RefusalOf("mix: {transaction: 1}, value_bytes: 300KiB"),
              HasSubstr("with transactions of 2 keys expected at most 262144"));
  EXPECT_THAT(RefusalOf("mix: {write: 1}, transaction_keys: 2"),
              HasSubstr("belongs to a mix with transaction"));
}

}  // namespace
}  // namespace replsim::check_transactions_test
