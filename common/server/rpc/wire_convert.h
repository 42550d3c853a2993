// Converts the structs of common/protocol to and from their wire form (protos/). Input from the
// wire is checked: for an invalid message the result is absent, and the caller closes the stream.
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

// Functions for Outbox: merge `next` into `last` and return true, or return false. Consecutive
// records are joined up to a limit. A later acknowledgement replaces an earlier one.
bool MergeFromPrimary(proto::FromPrimary& last, proto::FromPrimary& next);
bool MergeFromReplica(proto::FromReplica& last, proto::FromReplica& next);
bool MergeResponses(proto::SessionResponse& last, proto::SessionResponse& next);
bool MergeRequests(proto::SessionRequest& last, proto::SessionRequest& next);

// An empty set is an empty message.
void ToWire(const PublishedSet& set, proto::InSyncSet* wire);
absl::StatusOr<PublishedSet> FromWire(const proto::InSyncSet& wire);
void ToWire(const LogSize& size, proto::LogSize* wire);
absl::StatusOr<LogSize> FromWire(const proto::LogSize& wire);
void ToWire(Position position, proto::Position* wire);
// InvalidArgument if the epoch is out of range (common/base/epoch.h).
absl::StatusOr<Position> FromWire(const proto::Position& wire);

}  // namespace replsim
