// What a recording shows of the ways between processes: one-way delays of requests, answers,
// records and acknowledgements, less what the scenario adds to the links and what virtual time will
// add by itself (wake, work, write). Times are nanoseconds. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/calibrate/calm_part.h"
#include "simulator/calibrate/held_samples.h"
#include "simulator/recording/recording.h"

namespace replsim {

// What virtual time adds to a hop by itself.
struct NodeCosts {
  int64_t wake_ns = 0;
  int64_t work_ns = 0;
  int64_t write_ns = 0;
};

// Each is empty where the recording cannot tell: the link's delay varies, clients sit in groups,
// or (acknowledgements) no gate waits for a replica, so that they do not leave at once.
struct HopSamples {
  std::vector<DelaySample> requests;  // from when the operation was due to its append
  std::vector<DelaySample> answers;   // from the commit to the client
  std::vector<DelaySample> records;   // from the primary's append to the replica's
  std::vector<DelaySample> acks;      // from the stage that is acknowledged to the primary
};
HopSamples HopSamplesOf(const Recording& recording, const proto::Scenario& scenario,
                        const CalmPart& part, const NodeCosts& costs);

}  // namespace replsim
