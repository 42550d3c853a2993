// Signals a server and all processes that it has started.
#pragma once

#include <sys/types.h>

#include <vector>

#include "common/base/time.h"
#include "simulator/cluster/live/child_process.h"

namespace replsim {

// Returns the processes that descend from `root`, without `root`; nearest first. Processes that
// start while this runs may be missing.
std::vector<pid_t> DescendantsOf(pid_t root);

// Sends `signal` to the server first, so that it starts no other process, and then to its
// descendants. Returns the time between the first signal and the last one: a kill that takes long
// is not atomic. `when`: the instant of the first signal.
Nanos SignalTree(ChildProcess& server, int signal, Instant* when);

}  // namespace replsim
