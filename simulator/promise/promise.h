// The promise of a replication mode under given faults: whether a write that was acknowledged, and
// not marked unprotected, may be lost. Derived from the knobs and the faults alone, before a run.
// docs/modes.md explains it for each preset.
//
// The result is conservative: keeps_acknowledged means that a loss is a bug. If the outcome depends
// on the relative order of faults with different triggers, nothing is promised. A process that dies
// keeps the data that it had written to the kernel; a node that loses power keeps the data that it
// had flushed. Nothing is promised for disks that lose flushed data.
#pragma once

#include <string>

#include "protos/report.pb.h"
#include "protos/scenario.pb.h"

namespace replsim {

struct Promise {
  bool keeps_acknowledged = false;
  std::string because;  // one line
};

// `scenario` must be resolved.
Promise PromiseOf(const proto::Scenario& scenario);

// Whether the nodes elect their primary and no election loses a protected acknowledged write. That
// can hold although all copies of a write may be lost: then no node leads that lacks it.
bool ElectionsKeepWrites(const proto::Scenario& scenario);

// One line, starting with kPromiseBroken, about how the losses of a run break the promise; empty if
// they do not. Losses of writes acknowledged as unprotected never break it.
std::string WhyBroken(const Promise& promise, const proto::RunReport::Writes& writes);
inline constexpr char kPromiseBroken[] = "promise broken: ";

}  // namespace replsim
