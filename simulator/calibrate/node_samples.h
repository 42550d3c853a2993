// What a recording shows of the parts of a node: waking up, flushing, writing, working. Times are
// nanoseconds. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/calibrate/calm_part.h"
#include "simulator/calibrate/held_samples.h"
#include "simulator/recording/recording.h"

namespace replsim {

// From the end of a flush to when the node's loop acts on it. Empty with io: blocking, where the
// loop itself has flushed.
std::vector<DelaySample> WakeSamples(const Recording& recording, const proto::Scenario& scenario,
                                     const CalmPart& part);

// From when a flush could begin (the first unflushed append, or the end of the flush before it) to
// when the loop acts on its end, less `wake_ns`; so the hand-over to the log thread is part of it.
// With a flush that waits for a time (sync: interval, os, a group delay) or for the loop (io:
// blocking) only the call itself. `leader`: of the primary, otherwise of the replicas.
std::vector<DelaySample> FlushSamples(const Recording& recording, const proto::Scenario& scenario,
                                      const CalmPart& part, bool leader, int64_t wake_ns);

// How long handing one batch to the kernel keeps the loop, from kLoopStall: turns of 100 µs and
// more one by one, shorter ones as their mean. Empty with io: blocking, where flushes are in it.
std::vector<DelaySample> WriteSamples(const Recording& recording, const proto::Scenario& scenario);

// What one more message of the same turn costs: how much later the second answer of one commit
// comes than the first.
struct WorkEstimate {
  int64_t ns = 0;
  size_t samples = 0;
};
// Nothing where too few commits answer several writes, or where chance could be half of the value.
std::optional<WorkEstimate> EstimateWork(const Recording& recording, const CalmPart& part);

}  // namespace replsim
