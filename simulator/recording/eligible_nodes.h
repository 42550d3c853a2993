// Which nodes a cluster with failover.unclean_restart: not-eligible may elect, from the traces of a
// recording. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "simulator/recording/recording.h"

namespace replsim {

// The starts of a node after an unclean shutdown: all but the first one, those that follow a
// shutdown in order, and those of a node that had persisted no epoch. In order of time.
std::vector<int64_t> UncleanStarts(const NodeRecording& node);

// The nodes that `needed` of the witnesses would vote for at the end of the recording: they are in
// the in-sync set that such a witness stores, and have not been restarted after an unclean shutdown
// without being published again. Nodes without a trace are left out.
std::vector<size_t> EligibleNodes(const Recording& recording, size_t needed);

}  // namespace replsim
