// Extracts the one-way delays between processes from a recording: requests, answers, records and
// acknowledgements. Delays that the scenario adds to the links, and those that virtual time adds by
// itself (wake, work, write), are subtracted. Times are in ns. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/calibrate/calm_part.h"
#include "simulator/calibrate/held_samples.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Costs of a node that virtual time adds to a hop by itself.
struct NodeCosts {
  int64_t wake_ns = 0;
  int64_t work_ns = 0;
  int64_t write_ns = 0;
};

// A list is empty if the recording cannot tell: the link's delay varies, clients sit in groups, or
// (acknowledgements) no gate waits for a replica, so acknowledgements may be delayed.
struct HopSamples {
  std::vector<DelaySample> requests;  // from the due time of the operation to its append
  std::vector<DelaySample> answers;   // from the commit to the client
  std::vector<DelaySample> records;   // from the primary's append to the replica's
  std::vector<DelaySample> acks;      // from the acknowledged stage to the primary
};
HopSamples HopSamplesOf(const Recording& recording, const proto::Scenario& scenario,
                        const CalmPart& part, const NodeCosts& costs);

}  // namespace replsim
