// The messages between nodes and clients in a short window of a run, reconstructed from the stage
// traces and the history (messages.h): a space-time diagram (Lamport, "Time, Clocks, and the
// Ordering of Events in a Distributed System", CACM 21(7), 1978).
#pragma once

#include "protos/timeline.pb.h"
#include "simulator/analysis/timeline/window.h"
#include "simulator/analysis/writes/find_write.h"

namespace replsim {

// The messages nearest to the focus of the window. `faults` is the timeline with the run's faults.
proto::SpaceTime BuildSpaceTime(const KnownWrites& evidence, const proto::Timeline& faults,
                                const Window& window);

}  // namespace replsim
