#include "simulator/explore/ddmin.h"

#include <algorithm>
#include <numeric>

namespace replsim {
namespace {

using Subset = std::vector<size_t>;

// Returns the part-th of `parts` pieces of nearly equal size, or all elements except that piece.
Subset Piece(const Subset& all, size_t part, size_t parts, bool complement) {
  const size_t begin = all.size() * part / parts;
  const size_t end = all.size() * (part + 1) / parts;
  Subset piece;
  for (size_t i = 0; i < all.size(); ++i) {
    if ((i >= begin && i < end) != complement) piece.push_back(all[i]);
  }
  return piece;
}

}  // namespace

Subset MinimalSubset(size_t count, const std::function<bool(const Subset&)>& fails) {
  Subset failing(count);
  std::iota(failing.begin(), failing.end(), size_t{0});
  if (count == 0 || fails({})) return {};
  size_t parts = 2;
  while (failing.size() > 1) {
    bool smaller = false;
    for (const bool complement : {false, true}) {
      // With two pieces, each is the complement of the other.
      if (complement && parts == 2) break;
      for (size_t part = 0; part < parts && !smaller; ++part) {
        Subset piece = Piece(failing, part, parts, complement);
        if (!fails(piece)) continue;
        failing = std::move(piece);
        parts = complement ? std::max<size_t>(parts - 1, 2) : 2;
        smaller = true;
      }
      if (smaller) break;
    }
    if (smaller) continue;
    if (parts == failing.size()) break;
    parts = std::min(parts * 2, failing.size());
  }
  return failing;
}

}  // namespace replsim
