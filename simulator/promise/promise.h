// What a replication mode promises under given faults: whether a write that was acknowledged, and
// not marked unprotected, may be lost. From the knobs and the faults alone, before anything runs;
// docs/modes.md has the same in words, for each preset.
//
// It is cautious: true means that a loss is a bug. Where it depends on how faults of different
// triggers fall together, nothing is promised. A process that dies leaves what the kernel had been
// given; a node that loses power what had been flushed. Nothing is promised of disks that forget.
#pragma once

#include <string>

#include "protos/report.pb.h"
#include "protos/scenario.pb.h"

namespace replsim {

struct Promise {
  bool keeps_acknowledged = false;
  std::string because;  // one line
};

// Of a resolved scenario.
Promise PromiseOf(const proto::Scenario& scenario);

// How the losses of a run break the promise, in one line that begins with kPromiseBroken; empty
// where they do not. Losses of writes whose answers said that they were unprotected break none.
std::string WhyBroken(const Promise& promise, const proto::RunReport::Writes& writes);
inline constexpr char kPromiseBroken[] = "promise broken: ";

}  // namespace replsim
