// Where a run's recording goes while it happens: into a run folder, or into memory where only the
// verdict is wanted. What the nodes themselves leave (traces, logs) is not its business.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "simulator/recording/recording.h"

namespace replsim {

class RecordingSink {
 public:
  virtual ~RecordingSink() = default;
  // An error may show later than in the call that it is about: what is written is gathered first.
  virtual absl::Status Add(const Operation& operation) = 0;
  virtual absl::Status Add(const proto::RunEvent& event) = 0;
  // Writes what has been gathered.
  virtual absl::Status Flush() = 0;
  virtual absl::Status AddFinalState(const std::string& node, std::vector<FinalEntry> keys) = 0;
  // When the run begins, and with all that is known when it ends.
  virtual absl::Status Begin(const proto::Manifest& manifest) = 0;
  virtual absl::Status End(const proto::Manifest& manifest) = 0;
};

// Into `recording`, which outlives the sink; all but its nodes' traces and logs.
std::unique_ptr<RecordingSink> RecordIntoMemory(Recording* recording);

// Into `folder`, which exists (run_folder.h). What a run that breaks off has recorded stays there.
absl::StatusOr<std::unique_ptr<RecordingSink>> RecordIntoFolder(const std::string& folder);

}  // namespace replsim
