// Errors that name the place in a file.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace replsim::history {

// A file that is being read. Both views must outlive the object.
struct FileText {
  absl::string_view name;
  absl::string_view text;
};

// InvalidArgument "NAME:LINE:COLUMN: what". `place` is in the text, or at its end. Columns count
// bytes.
absl::Status ErrorAt(const FileText& file, const char* place, absl::string_view what);

}  // namespace replsim::history
