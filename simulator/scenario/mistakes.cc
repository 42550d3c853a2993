#include "simulator/scenario/mistakes.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/ascii.h"
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

absl::Status Mistakes::ToStatus() const {
  if (all_.empty()) return absl::OkStatus();
  std::vector<Mistake> sorted = all_;
  // Flags (line 0) come first: they were typed just now.
  std::stable_sort(sorted.begin(), sorted.end(), [](const Mistake& a, const Mistake& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  std::vector<std::string> lines;
  for (const Mistake& mistake : sorted) {
    if (lines.size() == kMaxTold) {
      lines.push_back(absl::StrCat("and ", sorted.size() - kMaxTold, " more"));
      break;
    }
    lines.push_back(absl::StrCat(ToString(mistake.place), ": ", mistake.text));
  }
  return absl::InvalidArgumentError(absl::StrJoin(lines, "\n"));
}

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

namespace {

// Spelling the same word with other case or the other dash is no distance at all.
std::string Plain(absl::string_view word) {
  std::string plain = absl::AsciiStrToLower(word);
  std::replace(plain.begin(), plain.end(), '_', '-');
  return plain;
}

}  // namespace

std::string Suggest(absl::string_view read, const std::vector<std::string>& known) {
  constexpr size_t kLongestWord = 64;
  std::string nearest;
  if (read.size() <= kLongestWord) {
    size_t best = (read.size() < 4 ? 1 : std::max<size_t>(2, read.size() / 3)) + 1;
    for (const std::string& word : known) {
      const size_t distance = EditDistance(Plain(read), Plain(word));
      if (distance < best) {
        best = distance;
        nearest = word;
      }
    }
  }
  std::string text;
  if (!nearest.empty()) absl::StrAppend(&text, "; did you mean '", nearest, "'?");
  if (!known.empty()) {
    absl::StrAppend(&text, nearest.empty() ? "; known: " : " (known: ", absl::StrJoin(known, ", "),
                    nearest.empty() ? "" : ")");
  }
  return text;
}

}  // namespace replsim
