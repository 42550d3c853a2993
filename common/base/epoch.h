// The bound of epochs. Every number that comes from outside this process (a message, a file)
// becomes an Epoch here.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/base/ids.h"

namespace replsim {

// An epoch is drawn for every start of a primary and for every promotion, so no cluster comes near.
// Recordings hold an epoch in 32 bits (TraceRecord), and the next one must not wrap.
constexpr uint64_t kEpochMax = (uint64_t{1} << 31) - 1;

// InvalidArgument for a number above kEpochMax. A node that took it for the newest epoch would be
// fenced, would save it, and could never lead again.
absl::StatusOr<Epoch> ToEpoch(uint64_t number);

// The one after `highest`. FailedPrecondition if that is kEpochMax.
absl::StatusOr<Epoch> NextEpoch(Epoch highest);

}  // namespace replsim
