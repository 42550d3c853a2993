// Any bytes as a message of the replication stream: one that is understood goes back to the wire
// and comes from it again equal. The first byte says which side sends, and whether the checksums of
// an Append's records are made to fit.
#include "common/base/check.h"
#include "common/server/rpc/wire_convert.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/records.h"

namespace replsim {
namespace {

template <typename Wire, typename ToWire>
void Check(Wire wire, ToWire to_wire) {
  const std::optional<Message> message = FromWire(wire);
  if (!message) return;
  const Wire first = to_wire(*message);
  Wire copy = first;
  const std::optional<Message> again = FromWire(copy);
  REPL_CHECK(again.has_value(), first.ShortDebugString());
  REPL_CHECK(to_wire(*again).SerializeAsString() == first.SerializeAsString());
  // Two equal messages that may be merged on the wire are decoded as one.
  Wire joined = first;
  Wire next = first;
  const auto merge = [&] {
    if constexpr (std::is_same_v<Wire, proto::FromPrimary>) return MergeFromPrimary(joined, next);
    if constexpr (std::is_same_v<Wire, proto::FromReplica>) return MergeFromReplica(joined, next);
  };
  if (merge()) FromWire(joined);
}

}  // namespace

void FuzzOne(absl::string_view input) {
  if (input.empty()) return;
  const int kind = input[0];
  input.remove_prefix(1);
  if (kind % 2 == 0) {
    proto::FromReplica wire;
    if (wire.ParseFromArray(input.data(), static_cast<int>(input.size()))) {
      Check(std::move(wire), ToFromReplica);
    }
    return;
  }
  proto::FromPrimary wire;
  if (!wire.ParseFromArray(input.data(), static_cast<int>(input.size()))) return;
  if (kind % 4 == 3 && wire.has_append()) RepairChecksums(wire.mutable_append()->mutable_records());
  Check(std::move(wire), ToFromPrimary);
}

std::vector<std::string> FuzzSeeds() {
  const EpochHistory history({{Epoch(1), Lsn(1)}, {Epoch(3), Lsn(10)}});
  std::vector<std::string> seeds;
  for (const Message& message :
       {Message(Hello{NodeId("r1"), Epoch(3), history, Lsn(12)}),
        Message(Ack{Epoch(3), Lsn(12), Lsn(11), Lsn(10), Lsn(9)}), Message(Refusal{Epoch(4)})}) {
    seeds.push_back(std::string(1, '\0') + ToFromReplica(message).SerializeAsString());
  }
  Welcome welcome{Epoch(3), history, Lsn(9), Lsn(8), {}};
  welcome.prompt_stages.insert(Stage::kReplicaFlush);
  const Append append{Epoch(3), Lsn(8), FromNanos(5), ParseBatch(SomeRecords(3, 10, 12))};
  const Append heartbeat{Epoch(3), Lsn(8), FromNanos(5), nullptr};
  for (const Message& message : {Message(welcome), Message(append), Message(heartbeat)}) {
    seeds.push_back(std::string(1, '\1') + ToFromPrimary(message).SerializeAsString());
    seeds.push_back(std::string(1, '\3') + ToFromPrimary(message).SerializeAsString());
  }
  return seeds;
}

}  // namespace replsim
