#include "common/base/ids.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/epoch.h"

namespace replsim {

std::string ToString(Position position) {
  return absl::StrCat(position.epoch.value(), ":", position.lsn.value());
}

std::optional<Position> ParsePosition(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  uint64_t epoch = 0;
  uint64_t lsn = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &epoch) ||
      !absl::SimpleAtoi(parts[1], &lsn)) {
    return std::nullopt;
  }
  const absl::StatusOr<Epoch> checked = ToEpoch(epoch);
  if (!checked.ok()) return std::nullopt;
  return Position{*checked, Lsn(lsn)};
}

}  // namespace replsim
