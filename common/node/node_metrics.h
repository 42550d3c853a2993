// Measurements of a running node, for observers such as the /metrics page.
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/time.h"
#include "common/protocol/core.h"
#include "common/protocol/core_metrics.h"
#include "common/protocol/effects.h"

namespace replsim {

// Answers to writes and to ticket requests since the process began.
struct AnswerCounts {
  void Add(const AnswerWrite& answer);

  uint64_t committed = 0;
  uint64_t unprotected = 0;  // of the committed ones
  uint64_t rejected = 0;
  uint64_t unknown = 0;
};

struct NodeMetrics {
  Instant taken;  // when, on the clock of the instants in `measured`
  CoreDescription core;
  CoreMetrics measured;
  AnswerCounts answers;
  // Size of the log up to each position; absent if only a read of the log could tell.
  std::optional<uint64_t> append_bytes, write_bytes, flush_bytes, apply_bytes, commit_bytes;
};

}  // namespace replsim
