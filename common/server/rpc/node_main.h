// The main function of both node programs: reads the configuration (--config FILE), makes the
// process end when its parent ends, runs the node, and prints an error.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "protos/control.pb.h"

namespace replsim {

// Exit status: 0 after a shutdown · 64 bad usage or configuration · 70 the node could not run.
int NodeMain(int argc, char** argv,
             const std::function<absl::Status(const proto::NodeConfig&)>& run);

}  // namespace replsim
