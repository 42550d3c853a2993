// A replica program from its configuration to its end. When it is promoted it becomes a primary in
// the same process, with the same log and store: the one place where a replica knows the primary.
#pragma once

#include "absl/status/status.h"
#include "protos/control.pb.h"

namespace replsim {

absl::Status RunReplica(const proto::NodeConfig& config);

}  // namespace replsim
