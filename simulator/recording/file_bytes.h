// Whole small files in and out, with errors that name the file and the reason.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

// NotFound where there is no such file.
absl::StatusOr<std::string> ReadFileBytes(const std::string& path);
// Replaces the file.
absl::Status WriteFileBytes(const std::string& path, absl::string_view bytes);
// For a stream that has just failed: "cannot write PATH: REASON", the reason from errno.
absl::Status CannotWrite(const std::string& path);

}  // namespace replsim
