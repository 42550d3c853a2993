// Extracts the costs of a node from a recording: wake-up, flush, write, work. Times are in ns.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/calibrate/calm_part.h"
#include "simulator/calibrate/held_samples.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Time from the end of a flush until the node's loop acts on it. Empty with io: blocking, where the
// loop itself flushes.
std::vector<DelaySample> WakeSamples(const Recording& recording, const proto::Scenario& scenario,
                                     const CalmPart& part);

// Time from when a flush could begin (the first unflushed append, or the end of the previous flush)
// until the loop acts on its end, minus `wake_ns`. The hand-over to the log thread is included. If
// a flush waits for a time (sync: interval, os, a group delay) or for the loop (io: blocking), only
// the call itself is measured. `leader` selects the primary; otherwise the replicas.
std::vector<DelaySample> FlushSamples(const Recording& recording, const proto::Scenario& scenario,
                                      const CalmPart& part, bool leader, int64_t wake_ns);

// How long the hand-over of one batch to the kernel occupies the loop, from kLoopStall. Turns of
// 100 µs or more count individually, shorter ones as their mean. Empty with io: blocking, where
// flushes are included.
std::vector<DelaySample> WriteSamples(const Recording& recording, const proto::Scenario& scenario);

// Cost of one more message in the same turn: the delay between the first two answers of one commit.
struct WorkEstimate {
  int64_t ns = 0;
  size_t samples = 0;
};
// Nothing if too few commits answer several writes, or if the statistical error could be half of
// the value.
std::optional<WorkEstimate> EstimateWork(const Recording& recording, const CalmPart& part);

}  // namespace replsim
