// The largest epoch. Every number that comes from outside this process (a message, a file) becomes
// an Epoch here.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/base/ids.h"

namespace replsim {

// Every start of a primary and every promotion takes one epoch, so no cluster reaches the limit.
// Recordings hold an epoch in 32 bits (TraceRecord), and kEpochMax + 1 must not wrap.
constexpr uint64_t kEpochMax = (uint64_t{1} << 31) - 1;

// Returns InvalidArgument for a number above kEpochMax. A node that accepted such an epoch would be
// fenced by it, would persist it, and could never lead again.
absl::StatusOr<Epoch> ToEpoch(uint64_t number);

// The epoch after `highest`. FailedPrecondition if `highest` is kEpochMax.
absl::StatusOr<Epoch> NextEpoch(Epoch highest);

}  // namespace replsim
