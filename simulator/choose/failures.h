// The failures that `replsim choose` tries, as faults of a scenario. Plain data; any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace replsim {

// One try of a failure, as texts of a scenario file.
struct FailureTry {
  std::string when;           // "at: 512ms", or "point: after-primary.ack, hit: 1200"
  std::string replica;        // the one that a failure of a replica hits: "r1"
  std::string others;         // all nodes but the primary: "r1, r2"
  std::string promote_after;  // when the best replica is promoted; empty: the nodes elect
  std::string outage;         // duration
};

struct TriedFailure {
  const char* name;         // "primary-dies"
  const char* label;        // "primary dies"
  const char* event;        // "the primary dies"
  bool of_primary;          // the primary fails, or is partitioned
  bool at_acknowledgement;  // can happen exactly at the acknowledgement of a write
  // Returns the faults, each in the flow form of a scenario file.
  std::vector<std::string> (*faults)(const FailureTry& a_try);
};

absl::Span<const TriedFailure> AllFailures();
const TriedFailure* FindFailure(absl::string_view name);
std::vector<std::string> FailureNames();

}  // namespace replsim
