// The messages between nodes and clients in a short window of a run, reconstructed from the stage
// traces and the history: a space-time diagram (Lamport, "Time, Clocks, and the Ordering of Events
// in a Distributed System", CACM 21(7), 1978).
//
// Traces record advances of stages, not messages. A batch is a send by the primary that is matched
// by the first later receive of at least the same LSN on the replica. An acknowledgement is an
// advance of a replica's stage matched by the primary learning of it. A batch without a matching
// receive has no end.
#pragma once

#include "protos/timeline.pb.h"
#include "simulator/analysis/writes/find_write.h"

namespace replsim {

// The window is around the first lost write, else around the first fault of a node or link, else
// around the slowest committed write. Without any of these the result has no lanes. `faults` is the
// timeline with the run's faults.
proto::SpaceTime BuildSpaceTime(const KnownWrites& evidence, const proto::Timeline& faults);

}  // namespace replsim
