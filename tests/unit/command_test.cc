#include "common/storage/store/command.h"

#include <gtest/gtest.h>

namespace replsim::command_test {
namespace {

std::string Encoded(const Command& command) {
  std::string out = "what was there before";
  EncodeCommand(command, &out);
  return out;
}

TEST(CommandEncoding, ComesBackAsItWent) {
  const std::string put =
      Encoded({7, 9, CommandKind::kPut, "key", absl::string_view("va\0lue", 6)});
  const auto decoded = DecodeCommand(put);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->client, 7u);
  EXPECT_EQ(decoded->sequence, 9u);
  EXPECT_EQ(decoded->kind, CommandKind::kPut);
  EXPECT_EQ(decoded->key, "key");
  EXPECT_EQ(decoded->value, absl::string_view("va\0lue", 6));
  EXPECT_EQ(DecodeCommand(Encoded({1, 2, CommandKind::kDelete, "", ""}))->kind,
            CommandKind::kDelete);
}

TEST(CommandEncoding, KeepsTheExpectedValueOfACompareAndSet) {
  const std::string encoded = Encoded({7, 9, CommandKind::kCas, "key", "new", "old"});
  EXPECT_EQ(DecodeCommand(encoded)->expected, "old");
  EXPECT_EQ(DecodeCommand(encoded)->value, "new");
  const std::string empty = Encoded({7, 9, CommandKind::kCas, "key", "new", ""});
  EXPECT_EQ(DecodeCommand(empty)->expected, "");
  const std::string missing = Encoded({7, 9, CommandKind::kCas, "key", "new"});
  EXPECT_EQ(DecodeCommand(missing)->expected, std::nullopt);
  EXPECT_FALSE(DecodeCommand(encoded.substr(0, encoded.size() - 4)).has_value());
}

TEST(CommandEncoding, KeepsTheKeysAndValuesOfATransaction) {
  const std::string puts = EncodePuts({{"a", "1"}, {"bc", ""}});
  const std::string encoded = Encoded({7, 9, CommandKind::kTransaction, "", puts});
  const auto decoded = DecodeCommand(encoded);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(KeysOf(*decoded), (std::vector<absl::string_view>{"a", "bc"}));
  EXPECT_EQ(DecodePuts(decoded->value)[0].value, "1");
  EXPECT_FALSE(DecodeCommand(encoded.substr(0, encoded.size() - 1)).has_value());
}

TEST(CommandEncoding, AnythingElseIsNothing) {
  const std::string good = Encoded({7, 9, CommandKind::kPut, "key", ""});
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(DecodeCommand(absl::string_view(good).substr(0, size)).has_value()) << size;
  }
  for (const size_t place : {16, 17, 19}) {  // kind, zero, key size
    std::string bad = good;
    bad[place] = 0x55;
    EXPECT_FALSE(DecodeCommand(bad).has_value()) << place;
  }
}

TEST(CommandEncodingDeathTest, AKeyBeyondTheLimitIsAProgrammingError) {
  std::string out;
  const std::string key(kKeyBytesMax + 1, 'k');
  EXPECT_DEATH(EncodeCommand({1, 1, CommandKind::kPut, key, ""}, &out), "key of 1025");
}

}  // namespace
}  // namespace replsim::command_test
