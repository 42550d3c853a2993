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

absl::StatusOr<Recording> RunVirtualInMemory(const proto::Scenario& scenario);

}  // namespace replsim
