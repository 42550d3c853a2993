#include "common/protocol/failpoint_names.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace replsim {

const char* Name(Point point) {
  switch (point) {
    case Point::kPrimaryAppend:
      return "primary.append";
    case Point::kPrimaryWrite:
      return "primary.write";
    case Point::kPrimaryFlush:
      return "primary.flush";
    case Point::kPrimarySend:
      return "primary.send";
    case Point::kPrimaryGate:
      return "primary.gate";
    case Point::kPrimaryAck:
      return "primary.ack";
    case Point::kPrimaryApply:
      return "primary.apply";
    case Point::kReplicaReceive:
      return "replica.receive";
    case Point::kReplicaWrite:
      return "replica.write";
    case Point::kReplicaFlush:
      return "replica.flush";
    case Point::kReplicaApply:
      return "replica.apply";
    case Point::kReplicaAck:
      return "replica.ack";
  }
  return "?";
}

const char* Describe(Point point) {
  switch (point) {
    case Point::kPrimaryAppend:
      return "the write enters the primary's log buffer";
    case Point::kPrimaryWrite:
      return "the primary writes it to its page cache";
    case Point::kPrimaryFlush:
      return "fdatasync returns on the primary";
    case Point::kPrimarySend:
      return "the primary sends it to a replica";
    case Point::kPrimaryGate:
      return "the write passes its gate";
    case Point::kPrimaryAck:
      return "the client is sent the acknowledgement";
    case Point::kPrimaryApply:
      return "the write becomes readable on the primary";
    case Point::kReplicaReceive:
      return "the write enters a replica's log buffer";
    case Point::kReplicaWrite:
      return "the replica writes it to its page cache";
    case Point::kReplicaFlush:
      return "fdatasync returns on the replica";
    case Point::kReplicaApply:
      return "the write becomes readable on the replica";
    case Point::kReplicaAck:
      return "the replica reports its progress to the primary";
  }
  return "?";
}

std::string ToString(FailpointName name) {
  return absl::StrCat(name.after ? "after-" : "before-", Name(name.point));
}

std::optional<FailpointName> ParseFailpoint(absl::string_view text) {
  FailpointName name;
  if (absl::ConsumePrefix(&text, "after-")) {
    name.after = true;
  } else if (!absl::ConsumePrefix(&text, "before-")) {
    return std::nullopt;
  }
  for (const Point point : kAllPoints) {
    if (text == Name(point)) {
      name.point = point;
      return name;
    }
  }
  return std::nullopt;
}

}  // namespace replsim
