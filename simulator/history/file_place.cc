#include "simulator/history/file_place.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace replsim::history {

absl::Status ErrorAt(const FileText& file, const char* place, absl::string_view what) {
  const char* const begin = file.text.data();
  const char* line = place;
  while (line > begin && line[-1] != '\n') --line;
  return absl::InvalidArgumentError(absl::StrCat(file.name, ":", 1 + std::count(begin, line, '\n'),
                                                 ":", place - line + 1, ": ", what));
}

}  // namespace replsim::history
