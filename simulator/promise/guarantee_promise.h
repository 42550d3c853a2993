// The guarantees that the settings promise to the readers of a scenario, under its faults. Derived
// from the knobs, the faults and the way in which clients read, before a run. docs/modes.md shows
// the result for each preset.
//
// The result is conservative, as that of promise.h: a promised guarantee that does not hold in a
// run is a bug. Three facts decide:
//
//   kept    every acknowledged write survives (promise.h)
//   shown   whatever a reader was shown survives, even if it was not acknowledged
//   fresh   the nodes that a client reads from have its acknowledged writes, or wait for them
//
// monotonic_writes, writes_follow_reads
//                     always: a position that a client is given is above those it was given before
// read_your_writes    kept and fresh
// monotonic_reads, consistent_prefix
//                     shown, and each client reads from one log that only grows, or carries a token
//                     of all that it has seen
// sequential          the two above
// linearizable        sequential, and all clients read from the same node
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"

namespace replsim {

struct GuaranteePromise {
  std::string name;  // as in protos/guarantees.proto
  bool promised = false;
  std::string because;  // one line
};

// Returns all judged guarantees, strongest first. `scenario` must be resolved.
std::vector<GuaranteePromise> GuaranteesOf(const proto::Scenario& scenario);
// Returns the promise of one guarantee.
const GuaranteePromise* FindGuarantee(const std::vector<GuaranteePromise>& guarantees,
                                      absl::string_view name);

}  // namespace replsim
