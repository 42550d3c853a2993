// Messages that make no sense give nothing: epochs out of range in every place that has one.
#include "common/server/rpc/wire_convert.h"

#include <gtest/gtest.h>

#include "common/base/epoch.h"
#include "common/server/rpc/describe_convert.h"

namespace replsim::wire_convert_test {
namespace {

template <class Wire>
bool Reads(Wire wire) {
  return FromWire(wire).has_value();
}

TEST(WireConvert, TheHighestEpochIsReadAndOneAboveItIsNot) {
  for (const bool fits : {true, false}) {
    const uint64_t epoch = fits ? kEpochMax : kEpochMax + 1;
    proto::FromReplica replica;
    replica.mutable_refusal()->set_epoch(epoch);
    EXPECT_EQ(Reads(replica), fits);
    replica.mutable_ack()->set_epoch(epoch);
    EXPECT_EQ(Reads(replica), fits);
    replica.mutable_hello()->set_epoch(epoch);
    EXPECT_EQ(Reads(replica), fits);
    replica.mutable_hello()->set_epoch(1);
    replica.mutable_hello()->add_history()->set_epoch(epoch);
    EXPECT_EQ(Reads(replica), fits) << "in a history";

    proto::FromPrimary primary;
    primary.mutable_refusal()->set_epoch(epoch);
    EXPECT_EQ(Reads(primary), fits);
    primary.mutable_append()->set_epoch(epoch);
    EXPECT_EQ(Reads(primary), fits);
    std::string records;
    AppendRecord({Epoch(epoch), Lsn(1)}, Instant(), "payload", &records);
    primary.mutable_append()->set_epoch(1);
    primary.mutable_append()->set_records(records);
    EXPECT_EQ(Reads(primary), fits) << "in a record";
    primary.mutable_welcome()->set_epoch(epoch);
    EXPECT_EQ(Reads(primary), fits);
    primary.mutable_welcome()->set_epoch(1);
    primary.mutable_welcome()->add_history()->set_epoch(epoch);
    EXPECT_EQ(Reads(primary), fits) << "in a history";

    proto::Position position;
    position.set_epoch(epoch);
    EXPECT_EQ(FromWire(position).ok(), fits);
    proto::NodeDescription description;
    description.set_epoch(epoch);
    EXPECT_EQ(FromWire(description).ok(), fits);
    description.set_epoch(1);
    *description.mutable_append() = position;
    EXPECT_EQ(FromWire(description).ok(), fits);
  }
}

TEST(WireConvert, AReplicaSaysThatItIsUncleanAndIsToldThatItIsAMember) {
  for (const bool told : {true, false}) {
    proto::FromReplica hello = ToFromReplica(Hello{NodeId("r1"), Epoch(3), {}, Lsn(4), told});
    EXPECT_EQ(std::get<Hello>(*FromWire(hello)).unclean, told);
    proto::FromPrimary last =
        ToFromPrimary(Append{Epoch(3), Lsn(4), Instant(), nullptr, /*in_sync=*/!told});
    proto::FromPrimary next = ToFromPrimary(Append{Epoch(3), Lsn(4), Instant(), nullptr, told});
    EXPECT_TRUE(MergeFromPrimary(last, next));
    EXPECT_EQ(std::get<Append>(*FromWire(last)).in_sync, told);
  }
}

TEST(WireConvert, TheSizeOfThePrimarysLogComesBackAndTheNewestOneIsKept) {
  proto::FromPrimary last =
      ToFromPrimary(Append{Epoch(3), Lsn(4), Instant(), nullptr, false, /*log_bytes=*/700});
  proto::FromPrimary next =
      ToFromPrimary(Append{Epoch(3), Lsn(5), Instant(), nullptr, false, /*log_bytes=*/800});
  EXPECT_TRUE(MergeFromPrimary(last, next));
  EXPECT_EQ(std::get<Append>(*FromWire(last)).log_bytes, 800u);
  proto::LogSize wire;
  ToWire(LogSize{Epoch(3), 900}, &wire);
  EXPECT_EQ(FromWire(wire)->epoch, Epoch(3));
  EXPECT_EQ(FromWire(wire)->bytes, 900u);
}

TEST(WireConvert, AnInSyncSetComesBackUnlessItsMembersMakeNoSense) {
  const PublishedSet set{Epoch(3), 7, {NodeId("r1"), NodeId("p")}, 1};
  proto::InSyncSet wire;
  ToWire(set, &wire);
  EXPECT_EQ(*FromWire(wire), set);
  EXPECT_TRUE(FromWire(proto::InSyncSet())->empty());
  for (const char* name : {"", "p", "a b", "a\n"}) {
    proto::InSyncSet wrong = wire;
    wrong.add_members(name);
    EXPECT_FALSE(FromWire(wrong).ok()) << name;
  }
  wire.set_epoch(kEpochMax + 1);
  EXPECT_FALSE(FromWire(wire).ok());
}

TEST(WireConvert, AnErrorNamesTheEpochAndTheBound) {
  EXPECT_EQ(ToEpoch(uint64_t{1} << 31).status().message(),
            "epoch 2147483648 is out of range; expected at most 2147483647");
}

TEST(WireConvert, ThereIsNoEpochAfterTheHighest) {
  EXPECT_EQ(*NextEpoch(Epoch(kEpochMax - 1)), Epoch(kEpochMax));
  EXPECT_TRUE(absl::IsFailedPrecondition(NextEpoch(Epoch(kEpochMax)).status()));
}

}  // namespace
}  // namespace replsim::wire_convert_test
