// A Dynamo-style quorum as a scenario of this simulator: the primary coordinates the writes of N
// replicas, and the client stands beside it and reads from them. W of wars.h is the link from the
// primary to a replica and A the one back, R the link from the client to a replica and S the one
// back. Nothing but these links takes time: the pretended machine has no cost.
#pragma once

#include "protos/scenario.pb.h"
#include "simulator/theory/wars.h"

namespace replsim {

// Of a link; `more_ms` is added to what is drawn.
proto::Delay DelayOf(const LatencyMix& latency, double more_ms);

// Resolved. Answers come after any W replicas have received, and every replica applies what it
// receives at once. With model.remote_ms all links are remote ones: which is not is drawn for every
// trial. Silence is never taken for death.
proto::Scenario QuorumScenario(const WarsModel& model, const Quorum& quorum);

}  // namespace replsim
