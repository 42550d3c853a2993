// Converts the description of a node to and from its wire form (protos/control.proto).
#pragma once

#include "absl/status/statusor.h"
#include "common/protocol/core.h"
#include "protos/control.pb.h"

namespace replsim {

void ToWire(const CoreDescription& core, proto::NodeDescription* out);
// InvalidArgument if an epoch is out of range (common/base/epoch.h).
absl::StatusOr<CoreDescription> FromWire(const proto::NodeDescription& wire);

}  // namespace replsim
