// The destination of a run's recording: a run folder, or memory if only the verdict is needed.
// Traces and logs are written by the nodes themselves. Not thread-safe.
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
  // Buffered: an error may be reported by a later call.
  virtual absl::Status Add(const Operation& operation) = 0;
  virtual absl::Status Add(const proto::RunEvent& event) = 0;
  // A list to which later operations refer (Operation::list).
  virtual absl::Status AddList(const ListedValue& list) = 0;
  // Writes the buffered operations.
  virtual absl::Status Flush() = 0;
  virtual absl::Status AddFinalState(const std::string& node, std::vector<FinalEntry> keys) = 0;
  // Begin is called when the run begins; End with the complete manifest when it ends.
  virtual absl::Status Begin(const proto::Manifest& manifest) = 0;
  virtual absl::Status End(const proto::Manifest& manifest) = 0;
};

// Records into `recording`, which must outlive the sink; traces and logs are not set.
std::unique_ptr<RecordingSink> RecordIntoMemory(Recording* recording);

// Records into `folder`, which must exist (run_folder.h). An aborted run leaves what it has
// recorded.
absl::StatusOr<std::unique_ptr<RecordingSink>> RecordIntoFolder(const std::string& folder);

}  // namespace replsim
