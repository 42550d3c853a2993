// A Dynamo-style quorum as a scenario of this simulator. The primary coordinates the writes to N
// replicas; the client runs next to it and reads from the replicas. The delays of wars.h become
// link delays: W from the primary to a replica and A back, R from the client to a replica and S
// back. All other costs of the machine are zero. Pure.
#pragma once

#include "protos/scenario.pb.h"
#include "simulator/theory/wars.h"

namespace replsim {

// The delay of one link; `more_ms` is added to each draw.
proto::Delay DelayOf(const LatencyMix& latency, double more_ms);

// Returns a resolved scenario. A write is acknowledged when any W replicas have received it, and
// every replica applies on receive. With model.remote_ms all links are remote; the trial draws
// which replica is local. Heartbeat timeouts never expire.
proto::Scenario QuorumScenario(const WarsModel& model, const Quorum& quorum);

}  // namespace replsim
