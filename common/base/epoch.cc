#include "common/base/epoch.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace replsim {

absl::StatusOr<Epoch> ToEpoch(uint64_t number) {
  if (number <= kEpochMax) return Epoch(number);
  return absl::InvalidArgumentError(
      absl::StrCat("epoch ", number, " is out of range; expected at most ", kEpochMax));
}

absl::StatusOr<Epoch> NextEpoch(Epoch highest) {
  if (highest < Epoch(kEpochMax)) return highest + 1;
  return absl::FailedPreconditionError(
      absl::StrCat("epoch ", highest.value(), " has been seen and is the highest possible: delete ",
                   "the folders of all nodes that have seen it"));
}

}  // namespace replsim
