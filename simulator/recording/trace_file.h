// Reads and writes a node's stage trace. common/protocol/trace.h defines the format.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/protocol/trace.h"

namespace replsim {

// All records before the first one with time 0, in order of time. NotFound if the file does not
// exist. `cut` receives a message if the file ends inside a record.
absl::StatusOr<std::vector<TraceRecord>> ReadTrace(const std::string& path, std::string* cut);

absl::Status WriteTrace(const std::string& path, const std::vector<TraceRecord>& records);

}  // namespace replsim
