// Reads a node's stage trace (common/protocol/trace.h has the format).
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/protocol/trace.h"

namespace replsim {

// Every record up to the first whose time is 0, in order of time. NotFound where there is no file.
// `cut` says so where the file ends inside a record.
absl::StatusOr<std::vector<TraceRecord>> ReadTrace(const std::string& path, std::string* cut);

absl::Status WriteTrace(const std::string& path, const std::vector<TraceRecord>& records);

}  // namespace replsim
