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

// InvalidArgument "NAME:LINE:COLUMN: what". `word` is part of the text, or empty at its end.
// Columns count bytes.
absl::Status ErrorAt(const FileText& file, absl::string_view word, absl::string_view what);

}  // namespace replsim::history
