// Selects the part of a recording that shows the machine without faults, and computes what the
// scenario adds to the machine's delays. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// The interval, in ns on the run's clock, from the beginning of the load to its end or to the first
// fault, death or promotion.
struct CalmPart {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
  bool Holds(int64_t from_ns, int64_t to_ns) const {
    return from_ns >= begin_ns && to_ns <= end_ns;
  }
};
CalmPart CalmPartOf(const Recording& recording);

// Returns what `network` adds to the one-way delay between two ends ("p", "client"), in ns. Nothing
// if that is not the same for every message.
std::optional<int64_t> AddedDelay(const proto::Scenario& scenario, absl::string_view from,
                                  absl::string_view to);
// Returns whether clients sit in groups; the recording then does not tell which link an operation
// used.
bool HasClientGroups(const proto::Scenario& scenario);

// INVALID_ARGUMENT, with the folder and what to do, if a trace or the history is missing.
absl::Status CheckEvidence(const Recording& recording);

}  // namespace replsim
