// Runs a scenario in virtual time and records into a run folder, or into memory if only the verdict
// is needed. Single-threaded.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "simulator/recording/recording.h"
#include "simulator/run/run.h"

namespace replsim {

// Records into `folder`, which exists. Returns the status of Run::Finish.
absl::Status RunVirtual(const proto::Scenario& scenario, const std::string& folder,
                        RunOptions options);

// Cost of a run, for benchmarks.
struct VirtualRunStats {
  uint64_t events = 0;
};
absl::StatusOr<Recording> RunVirtualInMemory(const proto::Scenario& scenario,
                                             VirtualRunStats* stats = nullptr);

}  // namespace replsim
