// The instants in the life of one write, gathered from the traces, the history and the events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/analysis/final_log.h"
#include "simulator/analysis/lineage.h"
#include "simulator/recording/recording.h"

namespace replsim {

// The write in question: where it was, and whichever of history and final log know it.
struct WriteRef {
  uint64_t epoch = 0;
  uint64_t lsn = 0;
  const Operation* operation = nullptr;  // null: the history does not know it
  const LogEntry* entry = nullptr;       // null: it is not in the final log
};

struct Moment {
  enum class Kind { kInvoke, kAppend, kStage, kSend, kLearned, kGate, kAnswer, kEvent };
  int64_t time_ns = 0;
  Kind kind = Kind::kStage;
  std::string text;
};

// In order of time, from its invocation (or its append) on; events of the cluster only while it was
// alive, which is until its answer and its last stage.
std::vector<Moment> LifeOf(const Recording& recording, const Lineages& lineages,
                           const WriteRef& write);

}  // namespace replsim
