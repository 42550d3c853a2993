// What both node programs do before and after they are a node: read --config, die with whoever
// started them, and say why they could not go on.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "protos/control.pb.h"

namespace replsim {

// Exit status: 0 after a shutdown · 64 bad usage or configuration · 70 the node could not run.
int NodeMain(int argc, char** argv,
             const std::function<absl::Status(const proto::NodeConfig&)>& run);

}  // namespace replsim
