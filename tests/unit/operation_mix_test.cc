// The kinds of operations that the load generator draws, and what it sends for them.
#include "simulator/workload/operation_mix.h"

#include <map>
#include <optional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/storage/store/command.h"
#include "simulator/workload/load_generator.h"
#include "tests/unit/manual_scheduler.h"
#include "tests/unit/scripted_cluster.h"

namespace replsim::operation_mix_test {
namespace {

using testing::SizeIs;

Position At(uint64_t lsn) { return {Epoch(1), Lsn(lsn)}; }

TEST(OperationMix, DrawsEachKindByItsWeight) {
  proto::Mix mix;
  mix.set_read(5);
  mix.set_delete_(1);
  mix.set_cas(4);
  const OperationMix drawn(mix);
  Rng rng(7);
  std::map<OperationKind, int> writes;
  int reads = 0;
  for (int i = 0; i < 10'000; ++i) {
    const OperationMix::Drawn one = drawn.Draw(rng);
    one.is_write ? ++writes[one.kind] : ++reads;
  }
  EXPECT_NEAR(reads, 5000, 300);
  EXPECT_NEAR(writes[OperationKind::kDelete], 1000, 150);
  EXPECT_NEAR(writes[OperationKind::kCas], 4000, 300);
  EXPECT_EQ(writes[OperationKind::kPutOrGet], 0);
}

TEST(OperationMix, AMixOfPutsAndReadsTakesOneDrawPerOperation) {
  proto::Mix mix;
  mix.set_write(0.3);
  mix.set_read(0.7);
  Rng drawn(7), expected(7);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(OperationMix(mix).Draw(drawn).is_write, expected.Chance(0.3 / (0.3 + 0.7)));
  }
  EXPECT_EQ(drawn.Below(1'000'000), expected.Below(1'000'000));
}

// One client on one key, whose operations the test answers.
class OneClient : public testing::Test {
 protected:
  void Begin() {
    workload_.set_clients(1);
    workload_.set_style(proto::BLOCKING);
    workload_.mutable_deadline()->set_ns(1'000'000'000);
    workload_.mutable_arrival()->mutable_closed()->mutable_think()->set_ns(0);
    workload_.mutable_read_from()->set_node("primary");
    if (!workload_.has_keys()) workload_.mutable_keys()->set_count(1);
    workload_.mutable_value_bytes()->set_bytes(8);
    load_.emplace(workload_, &cluster_, &scheduler_, Rng(42),
                  [this](const Operation& operation) { history_.push_back(operation); });
    load_->OnList([this](const ListedValue& list) { lists_.push_back(list); });
    load_->Begin();
    scheduler_.Settle();
  }
  auto& Last() { return cluster_.sent.back(); }
  // Answers reads with nothing until the client sends a write.
  void SkipReads(std::optional<std::string> seen = std::nullopt) {
    while (!Last().is_write) Last().AnswerRead(seen ? At(1) : Position(), seen);
  }
  proto::Mix& mix() { return *workload_.mutable_mix(); }

  ManualScheduler scheduler_;
  ScriptedCluster cluster_{&scheduler_};
  proto::Workload workload_;
  std::vector<Operation> history_;
  std::vector<ListedValue> lists_;
  std::optional<LoadGenerator> load_;
};

TEST_F(OneClient, ADeleteIsAWriteThatIsRecordedAsADelete) {
  mix().set_delete_(1);
  Begin();
  EXPECT_EQ(Last().kind, CommandKind::kDelete);
  Last().Answer(proto::COMMITTED, At(1));
  ASSERT_THAT(history_, SizeIs(1));
  EXPECT_EQ(history_[0].is_write, 1);
  EXPECT_EQ(history_[0].kind, OperationKind::kDelete);
}

TEST_F(OneClient, AReadOfADeletedKeyRecordsThePositionOfTheDeletion) {
  mix().set_read(1);
  Begin();
  Last().AnswerRead(At(5), std::nullopt);
  ASSERT_THAT(history_, SizeIs(1));
  EXPECT_EQ(history_[0].position(), At(5));
  ASSERT_TRUE(history_[0].value().has_value());
  EXPECT_TRUE(history_[0].value()->empty());
}

TEST_F(OneClient, AnAppendAddsAnElement) {
  mix().set_append(1);
  Begin();
  EXPECT_EQ(Last().kind, CommandKind::kAppend);
  EXPECT_EQ(Last().value, ";c1-1");
  Last().AnswerWithoutEffect(At(1));
  EXPECT_EQ(history_[0].no_effect, 1);
}

TEST_F(OneClient, AReadOfAListRecordsTheListAndItsLastElement) {
  mix().set_read(1e6);
  mix().set_append(1e-6);  // practically never drawn
  Begin();
  Last().AnswerRead(At(2), "c1-1....;c2-4");
  Last().AnswerRead(At(3), "c1-1....;c2-4;c3-9");
  Last().AnswerRead(At(4), ";c3-9");
  Last().AnswerRead(At(5), "c1-1....");
  ASSERT_THAT(history_, SizeIs(4));
  EXPECT_EQ(history_[1].value(), (WrittenValue{3, 9}));
  using List = std::vector<WrittenValue>;
  EXPECT_EQ(ElementsOf(lists_, history_[0].list()), (List{{1, 1}, {2, 4}}));
  EXPECT_EQ(ElementsOf(lists_, history_[1].list()), (List{{1, 1}, {2, 4}, {3, 9}}));
  EXPECT_EQ(ElementsOf(lists_, history_[2].list()), (List{{}, {3, 9}}));
  EXPECT_EQ(history_[3].list(), 0u);
  EXPECT_THAT(lists_, SizeIs(5)) << "one record per element, shared by the lists";
}

TEST_F(OneClient, ACompareAndSetExpectsTheValueThatTheClientWroteOrReadLast) {
  mix().set_cas(1);
  Begin();
  EXPECT_EQ(Last().kind, CommandKind::kCas);
  EXPECT_EQ(Last().expected, std::nullopt) << "the client has not seen the key";
  Last().Answer(proto::COMMITTED, At(1));
  EXPECT_EQ(Last().expected, "c1-1....");
  Last().AnswerWithoutEffect(At(2));
  EXPECT_EQ(Last().expected, "c1-1....") << "it has not seen another value";
  EXPECT_EQ(history_[0].no_effect, 0);
  EXPECT_EQ(history_[1].no_effect, 1);
  EXPECT_EQ(history_[1].value(), (WrittenValue{1, 1}));
}

TEST_F(OneClient, ACompareAndSetExpectsWhatAReadReturned) {
  mix().set_cas(1);
  mix().set_read(1);
  Begin();
  SkipReads("c9-17...");
  if (cluster_.sent.size() > 1) {
    EXPECT_EQ(Last().expected, "c9-17...");
  } else {
    Last().AnswerWithoutEffect(At(1));
    while (Last().is_write) Last().AnswerWithoutEffect(At(1));
    SkipReads("c9-17...");
    EXPECT_EQ(Last().expected, "c9-17...");
  }
}

TEST_F(OneClient, ATransactionPutsOneValueToConsecutiveKeys) {
  mix().set_transaction(1);
  workload_.mutable_keys()->set_count(3);
  workload_.set_transaction_keys(3);
  Begin();
  EXPECT_EQ(Last().kind, CommandKind::kTransaction);
  EXPECT_EQ(Last().key, "");
  const std::vector<KeyValue> puts = DecodePuts(Last().value);
  ASSERT_THAT(puts, SizeIs(3));
  EXPECT_EQ(puts[0].key, "k0000") << "the last keys cannot be its first";
  EXPECT_EQ(puts[2].key, "k0002");
  EXPECT_EQ(puts[2].value, "c1-1....");
  Last().Answer(proto::COMMITTED, At(1));
  ASSERT_THAT(history_, SizeIs(1));
  EXPECT_EQ(history_[0].kind, OperationKind::kTransaction);
  EXPECT_EQ(history_[0].key_count(), 3u);
  EXPECT_EQ(KeyNames(history_[0]), "k0000 to k0002");
}

}  // namespace
}  // namespace replsim::operation_mix_test
