// A primary program from its configuration to its end.
#pragma once

#include "absl/status/status.h"
#include "protos/control.pb.h"

namespace replsim {

absl::Status RunPrimary(const proto::NodeConfig& config);

}  // namespace replsim
