// Fills in the election knobs of a scenario: its own, then its election preset's, then the
// defaults. Pure.
#pragma once

#include "protos/scenario.pb.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/yaml_reader.h"

namespace replsim {

// Afterwards suspect_after is set if and only if the nodes elect; stand_delay, pre_vote, granted_by
// and grant_rule are then set as well, and rejoin always is. The times of the preset are multiplied
// by `scale`, which must be above 0. Reports an unknown preset.
void FillElections(const Places& places, double scale, proto::Failover* failover,
                   Mistakes* mistakes);

// Adapts heartbeat times that the scenario leaves open, so that no node takes the pause between two
// heartbeats for the silence of a dead one. `failover` is filled in. `scale` is that of the preset.
void FitToElections(const proto::Failover& failover, double scale, bool own_interval,
                    bool own_timeout, proto::Heartbeat* heartbeat);

}  // namespace replsim
