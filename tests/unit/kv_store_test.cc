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

TEST_F(KvStoreTest, ADeletedKeyIsNotVisitedAndKeepsThePositionOfItsDeletion) {
  Apply(store_, Put(1, 1, "stays", "v"));
  Apply(store_, Put(1, 2, "goes", "v"));
  Apply(store_, {1, 3, CommandKind::kDelete, "goes", ""});
  Apply(store_, {1, 4, CommandKind::kDelete, "never was", ""});
  std::vector<std::string> visited;
  store_.ForEach([&](const std::string& key, const KvStore::Entry&) { visited.push_back(key); });
  EXPECT_EQ(visited, std::vector<std::string>{"stays"});
  ASSERT_NE(store_.Find("goes"), nullptr);
  EXPECT_TRUE(store_.Find("goes")->deleted);
  EXPECT_EQ(ToString(store_.Find("goes")->position), "1:3");
  EXPECT_EQ(ToString(store_.Find("never was")->position), "1:4");
  Apply(store_, Put(1, 5, "goes", "again"));
  EXPECT_FALSE(store_.Find("goes")->deleted);
}

TEST_F(KvStoreTest, VisitsTheKeysInAscendingOrder) {
  uint64_t sequence = 0;
  for (const char* key : {"m", "b", "z", "a", "y", "c"})
    Apply(store_, Put(1, ++sequence, key, "v"));
  std::string visited;
  store_.ForEach([&](const std::string& key, const KvStore::Entry&) { visited += key; });
  EXPECT_EQ(visited, "abcmyz");
}

TEST_F(KvStoreTest, ADeletedKeyCountsInTheDigest) {
  KvStore empty_value, later;
  Apply(store_, {1, 1, CommandKind::kDelete, "k", ""});
  Apply(empty_value, Put(1, 1, "k", ""));
  Apply(later, Put(1, 1, "other", ""));
  EXPECT_NE(store_.digest(), KvStore().digest());
  EXPECT_NE(store_.digest(), empty_value.digest());
  Apply(store_, {1, 2, CommandKind::kDelete, "other", ""});
  Apply(later, {1, 2, CommandKind::kDelete, "k", ""});
  EXPECT_NE(store_.digest(), later.digest());
}

class ConditionalWrites : public KvStoreTest {
 protected:
  static Command Cas(uint64_t sequence, absl::string_view expected, absl::string_view value) {
    return {1, sequence, CommandKind::kCas, "k", value, expected};
  }
  static Command CreateOnly(uint64_t sequence, absl::string_view value) {
    return {1, sequence, CommandKind::kCas, "k", value};
  }
  static Command Append(uint64_t sequence, absl::string_view value) {
    return {1, sequence, CommandKind::kAppend, "k", value};
  }
  bool TookEffect() const { return store_.requests().Find(1)->took_effect; }
  const std::string& value() const { return store_.Find("k")->value; }
};

TEST_F(ConditionalWrites, CompareAndSetWritesOnlyOverTheExpectedValue) {
  Apply(store_, Put(1, 1, "k", "a"));
  Apply(store_, Cas(2, "a", "b"));
  EXPECT_TRUE(TookEffect());
  EXPECT_EQ(value(), "b");
  const uint64_t digest = store_.digest();
  Apply(store_, Cas(3, "a", "c"));
  EXPECT_FALSE(TookEffect());
  EXPECT_EQ(value(), "b");
  EXPECT_EQ(ToString(store_.Find("k")->position), "1:2");
  EXPECT_EQ(store_.digest(), digest);
}

TEST_F(ConditionalWrites, CompareAndSetCanExpectThatTheKeyDoesNotExist) {
  Apply(store_, CreateOnly(1, "a"));
  EXPECT_TRUE(TookEffect());
  Apply(store_, CreateOnly(2, "b"));
  EXPECT_FALSE(TookEffect());
  Apply(store_, {1, 3, CommandKind::kDelete, "k", ""});
  Apply(store_, Cas(4, "", "c"));  // a deleted key does not have the empty value
  EXPECT_FALSE(TookEffect());
  Apply(store_, CreateOnly(5, "d"));
  EXPECT_TRUE(TookEffect());
  EXPECT_EQ(value(), "d");
}

TEST_F(ConditionalWrites, ARetryDoesNotChangeTheOutcome) {
  Apply(store_, Put(2, 1, "k", "a"));
  Apply(store_, Cas(1, "a", "b"));
  Apply(store_, Cas(1, "a", "b"));  // the value is b by now
  EXPECT_TRUE(TookEffect());
}

TEST_F(ConditionalWrites, AppendAddsToTheValueUpToTheLimit) {
  Apply(store_, Append(1, "a"));
  Apply(store_, Append(2, ";b"));
  EXPECT_EQ(value(), "a;b");
  Apply(store_, Append(3, std::string(kAppendedBytesMax - 3, 'x')));
  EXPECT_TRUE(TookEffect());
  EXPECT_EQ(value().size(), kAppendedBytesMax);
  Apply(store_, Append(4, "y"));
  EXPECT_FALSE(TookEffect());
  EXPECT_EQ(value().size(), kAppendedBytesMax);
  Apply(store_, {1, 5, CommandKind::kDelete, "k", ""});
  Apply(store_, Append(6, "c"));
  EXPECT_EQ(value(), "c");
  EXPECT_FALSE(store_.Find("k")->deleted);
}

TEST_F(KvStoreTest, ATransactionWritesAllItsKeysAtOnePosition) {
  Apply(store_, Put(1, 1, "a", "old"));
  const std::string puts = EncodePuts({{"a", "new"}, {"b", "new too"}});
  Apply(store_, {1, 2, CommandKind::kTransaction, "", puts});
  EXPECT_EQ(store_.Find("a")->value, "new");
  EXPECT_EQ(store_.Find("b")->value, "new too");
  EXPECT_EQ(store_.Find("a")->position, store_.Find("b")->position);
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
