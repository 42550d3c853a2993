// Observes the replication connection of a standby: the primary's WAL messages, and the standby's
// reports of what it has written, flushed and replayed.
#pragma once

#include <memory>

#include "simulator/cluster/foreign/system.h"

namespace replsim {

// The standby `dialler` streams from `listener`. WAL that arrives at the standby is its receive
// stage. Its reports carry its write, flush and apply stages, at the time of the report.
std::unique_ptr<PipeTap> NewReplicationTap(const NodeId& dialler, const NodeId& listener,
                                           Relay::Direction direction,
                                           ForeignSystem::StepSink sink);

}  // namespace replsim
