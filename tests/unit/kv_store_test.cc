#include <gtest/gtest.h>

#include "common/storage/store/command.h"
#include "common/storage/store/store.h"

namespace replsim::kv_store_test {
namespace {

class KvStoreTest : public testing::Test {
 protected:
  static void Apply(KvStore& store, Command command, uint64_t epoch = 1) {
    std::string payload;
    EncodeCommand(command, &payload);
    store.Apply({{Epoch(epoch), store.applied() + 1}, Instant(), payload, 0});
  }
  static Command Put(uint64_t client, uint64_t sequence, absl::string_view key,
                     absl::string_view value) {
    return {client, sequence, CommandKind::kPut, key, value};
  }
  KvStore store_;
};

TEST_F(KvStoreTest, HoldsTheLastValueAndThePositionThatPutIt) {
  Apply(store_, Put(1, 1, "k", "old"));
  Apply(store_, Put(1, 2, "k", "new"), 3);
  ASSERT_NE(store_.Find("k"), nullptr);
  EXPECT_EQ(store_.Find("k")->value, "new");
  EXPECT_EQ(ToString(store_.Find("k")->position), "3:2");
  EXPECT_EQ(store_.Find("other"), nullptr);
}

TEST_F(KvStoreTest, ARequestThatComesTwiceIsAppliedOnce) {
  Apply(store_, Put(1, 1, "k", "mine"));
  Apply(store_, Put(2, 1, "k", "theirs"));
  const uint64_t digest = store_.digest();
  Apply(store_, Put(1, 1, "k", "mine"));  // a retry, as a record of its own
  EXPECT_EQ(store_.Find("k")->value, "theirs");
  EXPECT_EQ(store_.digest(), digest);
  EXPECT_EQ(store_.applied(), Lsn(3));
}

TEST_F(KvStoreTest, ADeleteTakesTheKeyAndItsShareOfTheDigest) {
  Apply(store_, Put(1, 1, "stays", "v"));
  const uint64_t before = store_.digest();
  Apply(store_, Put(1, 2, "goes", "v"));
  EXPECT_NE(store_.digest(), before);
  Apply(store_, {1, 3, CommandKind::kDelete, "goes", ""});
  EXPECT_EQ(store_.digest(), before);
  EXPECT_EQ(store_.size(), 1u);
  Apply(store_, {1, 4, CommandKind::kDelete, "never was", ""});
  EXPECT_EQ(store_.digest(), before);
}

TEST_F(KvStoreTest, TheDigestTellsValuesAndPositionsApart) {
  KvStore same, value, epoch;
  Apply(store_, Put(1, 1, "k", "v"));
  Apply(same, Put(9, 9, "k", "v"));
  Apply(value, Put(1, 1, "k", "w"));
  Apply(epoch, Put(1, 1, "k", "v"), 2);
  EXPECT_EQ(store_.digest(), same.digest());
  EXPECT_NE(store_.digest(), value.digest());
  EXPECT_NE(store_.digest(), epoch.digest());
}

TEST_F(KvStoreTest, StartsAnewWhenCleared) {
  Apply(store_, Put(1, 1, "k", "v"));
  store_.Clear();
  EXPECT_EQ(store_.size(), 0u);
  EXPECT_EQ(store_.digest(), KvStore().digest());
  Apply(store_, Put(1, 1, "k", "v"));  // the client's sequence is forgotten with the rest
  EXPECT_EQ(store_.size(), 1u);
}

TEST(KvStoreDeathTest, AHoleInTheLogIsAProgrammingError) {
  KvStore store;
  EXPECT_DEATH(store.Apply({{Epoch(1), Lsn(2)}, Instant(), "", 0}), "apply 2 after 0");
}

}  // namespace
}  // namespace replsim::kv_store_test
