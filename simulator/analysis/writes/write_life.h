// The instants in the life of one write, gathered from the traces, the history and the events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/analysis/evidence/final_log.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/recording/recording.h"

namespace replsim {

// The write in question: where it was, and whichever of history and final log know it.
struct WriteRef {
  uint64_t epoch = 0;
  uint64_t lsn = 0;
  const Operation* operation = nullptr;  // null: the history does not know it
  const LogEntry* entry = nullptr;       // null: it is not in the final log
};

inline constexpr size_t kNobody = static_cast<size_t>(-1);

struct Moment {
  enum class Kind { kInvoke, kTicket, kAppend, kStage, kSend, kLearned, kGate, kAnswer, kEvent };
  int64_t time_ns = 0;
  Kind kind = Kind::kStage;
  std::string text;
  size_t node = kNobody;  // index of the node where it happened; of kLearned and kSend the primary
  size_t peer = kNobody;  // of kLearned and kSend: the replica
  size_t stage = 0;       // of kAppend, kStage and kLearned: index into kNodeStageNames
};

// In order of time, from its invocation (or its append) on; events of the cluster only while it was
// alive, which is until its answer and its last stage.
std::vector<Moment> LifeOf(const Recording& recording, const Lineages& lineages,
                           const WriteRef& write);

}  // namespace replsim
