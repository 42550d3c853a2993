// A fault in words, as a person types it for a cluster that runs: "kill r1", "partition p r1",
// "slow-disk r1 delay=20ms for=2s".
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "protos/scenario.pb.h"

namespace replsim {

// VERB NODE [KEY=VALUE …], or VERB NODE NODE [KEY=VALUE …] for a fault of the link between two.
// Verbs and keys are those of scenario files (`replsim faults`). InvalidArgument says what is
// wrong. `scenario` is the resolved scenario of the cluster.
absl::StatusOr<proto::Fault> FaultFromWords(const std::string& words,
                                            const proto::Scenario& scenario);

}  // namespace replsim
