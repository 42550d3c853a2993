#include "common/base/suggest.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace replsim {
namespace {

// The number of insertions, deletions, replacements and swaps of neighbours that turn one word into
// the other (optimal string alignment).
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    before = std::move(last);
    last = row;
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

// Words that differ only in case, or in '_' and '-', have distance 0.
std::string Plain(absl::string_view word) {
  std::string plain = absl::AsciiStrToLower(word);
  std::replace(plain.begin(), plain.end(), '_', '-');
  return plain;
}

}  // namespace

std::string DidYouMean(absl::string_view read, const std::vector<std::string>& known) {
  constexpr size_t kLongestWord = 64;
  if (read.size() > kLongestWord) return "";
  std::string nearest;
  size_t best = (read.size() < 4 ? 1 : std::max<size_t>(2, read.size() / 3)) + 1;
  for (const std::string& word : known) {
    const size_t distance = EditDistance(Plain(read), Plain(word));
    if (distance < best) {
      best = distance;
      nearest = word;
    }
  }
  return nearest.empty() ? "" : absl::StrCat("; did you mean '", nearest, "'?");
}

std::string Suggest(absl::string_view read, const std::vector<std::string>& known) {
  const std::string near = DidYouMean(read, known);
  if (known.empty()) return near;
  const std::string list = absl::StrCat("known: ", absl::StrJoin(known, ", "));
  return near.empty() ? absl::StrCat("; ", list) : absl::StrCat(near, " (", list, ")");
}

}  // namespace replsim
