// The moments in the life of one write, collected from the traces, the history and the events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/analysis/evidence/final_log.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/recording/recording.h"

namespace replsim {

// A write: its position, and its entries in the history and the final log if they exist.
struct WriteRef {
  uint64_t epoch = 0;
  uint64_t lsn = 0;
  const Operation* operation = nullptr;  // null: not in the history
  const LogEntry* entry = nullptr;       // null: not in the final log
};

inline constexpr size_t kNoNodeIndex = static_cast<size_t>(-1);

struct Moment {
  enum class Kind {
    kInvoke,
    kTicket,
    kAppend,
    kStage,
    kSend,
    kLearned,
    kGate,
    kAnswer,
    kGone,
    kEvent
  };
  int64_t time_ns = 0;
  Kind kind = Kind::kStage;
  std::string text;
  size_t node = kNoNodeIndex;  // index of the node; for kLearned and kSend, of the primary
  size_t peer = kNoNodeIndex;  // for kLearned and kSend: index of the replica
  size_t stage = 0;            // for kAppend, kStage, kLearned: index into kNodeStageNames
};

// In order of time, from the invocation (or the append) on. Events of the cluster are included from
// the first of the write's moments to the last.
std::vector<Moment> LifeOf(const Recording& recording, const LeadershipHistory& leadership_history,
                           const WriteRef& write);

}  // namespace replsim
