// The position of each stage of a node at any instant, from the node's trace.
#pragma once

#include <cstdint>
#include <vector>

#include "common/protocol/trace.h"
#include "common/stats/step_function.h"
#include "simulator/metrics/stage_names.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Indices into kNodeStageNames.
inline constexpr size_t kReceiveStage = 0;
inline constexpr size_t kApplyStage = 3;

struct StagePosition {
  uint64_t epoch = 0;  // of the log record at `lsn`
  uint64_t lsn = 0;
  uint64_t bytes = 0;  // of the log up to `lsn`
};

// The steps of one stage. `stage` is an index into kNodeStageNames. A restart sets a stage to the
// position at which recovery found the log; a truncation moves it back. The stages of a dead node
// keep their positions.
StepFunction<StagePosition> StageSteps(const std::vector<TraceRecord>& trace, size_t stage);

}  // namespace replsim
