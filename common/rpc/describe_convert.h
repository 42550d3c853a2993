// What a node says of itself ⇄ its wire form (protos/control.proto).
#pragma once

#include "common/protocol/core.h"
#include "protos/control.pb.h"

namespace replsim {

void ToWire(const CoreDescription& core, proto::NodeDescription* out);
CoreDescription FromWire(const proto::NodeDescription& wire);

}  // namespace replsim
