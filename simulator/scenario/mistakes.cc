#include "simulator/scenario/mistakes.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace replsim {

std::string ToString(const Place& place) {
  if (place.line == 0) return place.source;
  return absl::StrCat(place.source, ":", place.line, ":", place.column);
}

void Mistakes::Add(const Place& place, std::string text) {
  Mistake mistake{place, std::move(text)};
  if (std::find(all_.begin(), all_.end(), mistake) == all_.end()) {
    all_.push_back(std::move(mistake));
  }
}

absl::Status Mistakes::ToStatus(size_t most) const {
  if (all_.empty()) return absl::OkStatus();
  std::vector<Mistake> sorted = all_;
  // Flags (line 0) come first, because the user has just typed them.
  std::stable_sort(sorted.begin(), sorted.end(), [](const Mistake& a, const Mistake& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  std::vector<std::string> lines;
  for (const Mistake& mistake : sorted) {
    if (lines.size() == most) {
      lines.push_back(absl::StrCat("and ", sorted.size() - most, " more"));
      break;
    }
    lines.push_back(absl::StrCat(ToString(mistake.place), ": ", mistake.text));
  }
  return absl::InvalidArgumentError(absl::StrJoin(lines, "\n"));
}

}  // namespace replsim
