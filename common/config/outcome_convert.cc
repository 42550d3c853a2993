#include "common/config/outcome_convert.h"

namespace replsim {

proto::Reason ToWire(Refused why) {
  switch (why) {
    case Refused::kNone:
      return proto::NONE;
    case Refused::kFenced:
      return proto::FENCED;
    case Refused::kNotPrimary:
      return proto::NOT_PRIMARY;
    case Refused::kSyncSetMissing:
      return proto::SYNC_SET_MISSING;
    case Refused::kGateTimeout:
      return proto::GATE_TIMEOUT;
    case Refused::kOverloaded:
      return proto::OVERLOADED;
    case Refused::kNodeStopped:
      return proto::NODE_STOPPED;
    case Refused::kDiverged:
      return proto::DIVERGED;
    case Refused::kDiskFull:
      return proto::NO_SPACE;
    case Refused::kSuperseded:
      return proto::SUPERSEDED;
  }
  return proto::NONE;
}

proto::Outcome ToWire(WriteOutcome outcome) {
  switch (outcome) {
    case WriteOutcome::kCommitted:
      return proto::COMMITTED;
    case WriteOutcome::kRejected:
      return proto::REJECTED;
    case WriteOutcome::kUnknown:
      return proto::UNKNOWN;
    case WriteOutcome::kPending:
      return proto::PENDING;
    case WriteOutcome::kLost:
      return proto::LOST;
  }
  return proto::OUTCOME_UNSPECIFIED;
}

}  // namespace replsim
