// Who said what to whom, and when: the messages of a short window of a run, between nodes and
// clients, put together from the stage traces and the history. (Drawn, it is what Lamport, "Time,
// Clocks, and the Ordering of Events in a Distributed System", CACM 21(7), 1978, calls a space-time
// diagram.)
//
// Traces record that stages advance, not messages: a batch is where a primary's sending is answered
// by the replica's receiving at least as much, an acknowledgement where a replica's stage is
// followed by the primary learning of it. What was sent and never received ends nowhere.
#pragma once

#include "protos/timeline.pb.h"
#include "simulator/analysis/writes/find_write.h"

namespace replsim {

// The window is around the first lost write; where none was lost, around the first fault of a node
// or link; where there was none, around the slowest committed write. No lanes where the recording
// tells of none of them. `faults` are those of its timeline.
proto::SpaceTime BuildSpaceTime(const KnownWrites& evidence, const proto::Timeline& faults);

}  // namespace replsim
