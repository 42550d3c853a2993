// Lag of a run as one number: the value of its worst replica. The metrics are named by path:
// `lag.STAGE.time|entries|bytes.p50|p90|p99|max|mean|last`, `lag.catch_up` and `lag.stalled`. They
// do not name a replica, so runs with other or more replicas can be compared with the same bound.
#pragma once

#include <string>
#include <vector>

#include "simulator/metrics/metrics.h"

namespace replsim {

// The nodes that followed a leader at some time of the run, by name. A node that followed only
// after the load, or only while it was down, has no lag but may have a catch-up.
std::vector<std::string> ReplicasOf(const proto::RunReport& run);

// One line of `replsim schema` per form.
struct WorstReplicaForm {
  const char* path;
  const char* meaning;
};
const std::vector<WorstReplicaForm>& WorstReplicaForms();

}  // namespace replsim
