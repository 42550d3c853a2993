// Protocol structs ⇄ their wire form (protos/). What comes from the wire is checked: a message that
// makes no sense gives nothing, and the stream it came on is closed.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "common/config/outcome_convert.h"
#include "common/protocol/messages.h"
#include "protos/kv.pb.h"
#include "protos/replication.pb.h"

namespace replsim {

proto::FromReplica ToFromReplica(const Message& message);
proto::FromPrimary ToFromPrimary(const Message& message);
std::optional<Message> FromWire(proto::FromReplica& wire);
std::optional<Message> FromWire(proto::FromPrimary& wire);

// Whether two neighbours on a stream may travel as one message. Records that follow each other are
// joined up to a bound; of two acks only the later one counts.
bool MergeFromPrimary(proto::FromPrimary& last, proto::FromPrimary& next);
bool MergeFromReplica(proto::FromReplica& last, proto::FromReplica& next);
bool MergeResponses(proto::SessionResponse& last, proto::SessionResponse& next);
bool MergeRequests(proto::SessionRequest& last, proto::SessionRequest& next);

void ToWire(Position position, proto::Position* wire);
// InvalidArgument where the epoch is out of range (common/base/epoch.h).
absl::StatusOr<Position> FromWire(const proto::Position& wire);

}  // namespace replsim
