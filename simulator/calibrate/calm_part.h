// Which part of a recording shows the machine alone, and what its scenario adds to the machine.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Nanoseconds on the run's clock: from the beginning of the load to its end, or to the first fault,
// death or promotion.
struct CalmPart {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
  bool Holds(int64_t from_ns, int64_t to_ns) const {
    return from_ns >= begin_ns && to_ns <= end_ns;
  }
};
CalmPart CalmPartOf(const Recording& recording);

// What `network` adds to the one-way delay from one end to another ("p", "client"); nothing where
// that is not the same for every message.
std::optional<int64_t> AddedDelay(const proto::Scenario& scenario, absl::string_view from,
                                  absl::string_view to);
// Whether clients sit in groups, so that a recording does not tell which link an operation took.
bool HasClientGroups(const proto::Scenario& scenario);

// InvalidArgument, naming the folder and what to do, where a trace or the history is missing.
absl::Status CheckEvidence(const Recording& recording);

}  // namespace replsim
