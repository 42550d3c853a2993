// Lag of a run as one number: that of the replica on which it is worst. By a path of its own,
// `lag.STAGE.time|entries|bytes.p50|p90|p99|max|mean|last`, `lag.catch_up` and `lag.stalled`, so
// that a run with other replicas, or more of them, can be held to the same bound.
#pragma once

#include <string>
#include <vector>

#include "simulator/metrics/metrics.h"

namespace replsim {

// The nodes that followed a leader at some time of the run, in order of name. A node that did so
// only after the load, or only while it was down, has no lag; it may have caught up.
std::vector<std::string> ReplicasOf(const proto::RunReport& run);

// A line for `replsim schema`: the metrics differ in one word each.
struct WorstReplicaForm {
  const char* path;
  const char* meaning;
};
const std::vector<WorstReplicaForm>& WorstReplicaForms();

}  // namespace replsim
