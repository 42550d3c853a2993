// Converts the outcome of a write and the reason for a refusal to the wire (protos/types.proto).
#pragma once

#include "common/protocol/effects.h"
#include "protos/types.pb.h"

namespace replsim {

proto::Outcome ToWire(WriteOutcome outcome);
proto::Reason ToWire(Refused why);

}  // namespace replsim
