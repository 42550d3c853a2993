// What a node says of itself ⇄ its wire form (protos/control.proto).
#pragma once

#include "absl/status/statusor.h"
#include "common/protocol/core.h"
#include "protos/control.pb.h"

namespace replsim {

void ToWire(const CoreDescription& core, proto::NodeDescription* out);
// InvalidArgument where an epoch is out of range (common/base/epoch.h).
absl::StatusOr<CoreDescription> FromWire(const proto::NodeDescription& wire);

}  // namespace replsim
