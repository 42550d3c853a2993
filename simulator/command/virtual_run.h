// A run in virtual time: into a run folder like a live one, or into memory where only the verdict
// is wanted.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "simulator/recording/recording.h"
#include "simulator/run/run.h"

namespace replsim {

// Records into `folder`, which exists. The status is that of Run::Finish.
absl::Status RunVirtual(const proto::Scenario& scenario, const std::string& folder,
                        RunOptions options);

// What it took, for benchmarks.
struct VirtualRunStats {
  uint64_t events = 0;
};
absl::StatusOr<Recording> RunVirtualInMemory(const proto::Scenario& scenario,
                                             VirtualRunStats* stats = nullptr);

}  // namespace replsim
