// How a write ended, as the contracts (protos/types.proto) call it.
#pragma once

#include "common/protocol/effects.h"
#include "protos/types.pb.h"

namespace replsim {

proto::Outcome ToWire(WriteOutcome outcome);
proto::Reason ToWire(Refused why);

}  // namespace replsim
