// Lag of a run as one number: that of the replica on which it is worst. By a path of its own,
// `lag.STAGE.time|entries|bytes.p50|p90|p99|max|mean|last`, `lag.catch_up` and `lag.stalled`, so
// that a run with other replicas, or more of them, can be held to the same bound.
#pragma once

#include <string>
#include <vector>

#include "simulator/metrics/metrics.h"

namespace replsim {

// The nodes whose lag is of interest, in order of name: the first primary only where it came back
// as a replica and caught up.
std::vector<std::string> ReplicasOf(const proto::RunReport& run);

// A line for `replsim schema`: the metrics differ in one word each.
struct WorstReplicaForm {
  const char* path;
  const char* meaning;
};
const std::vector<WorstReplicaForm>& WorstReplicaForms();

}  // namespace replsim
