// What a node has measured of itself, for whoever watches it from outside while it runs.
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/time.h"
#include "common/protocol/core.h"
#include "common/protocol/core_metrics.h"
#include "common/protocol/effects.h"

namespace replsim {

// Answers to writes and to questions about tickets, since the process began.
struct AnswerCounts {
  void Add(const AnswerWrite& answer);

  uint64_t committed = 0;
  uint64_t unprotected = 0;  // of those
  uint64_t rejected = 0;
  uint64_t unknown = 0;
};

struct NodeMetrics {
  Instant taken;  // the clock that the instants in `measured` are of
  CoreDescription core;
  CoreMetrics measured;
  AnswerCounts answers;
  // Of the log up to the position; absent where that is too long ago to know without reading.
  std::optional<uint64_t> append_bytes, write_bytes, flush_bytes, apply_bytes, commit_bytes;
};

}  // namespace replsim
