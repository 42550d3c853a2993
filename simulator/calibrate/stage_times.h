// The times at which a node's stage first reached each LSN, from its trace. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/protocol/trace.h"

namespace replsim {

class StageTimes {
 public:
  struct Step {
    uint64_t lsn = 0;
    int64_t time_ns = 0;
  };

  // For trace kinds about a peer, only records of `peer` count.
  StageTimes(const std::vector<TraceRecord>& trace, TraceKind kind, uint16_t peer = 0) {
    for (const TraceRecord& record : trace) {
      if (record.kind != static_cast<uint8_t>(kind) || record.peer != peer) continue;
      if (steps_.empty() || record.lsn > steps_.back().lsn) {
        steps_.push_back({record.lsn, record.time_ns});
      }
    }
  }

  // Every advance, ascending in LSN and time.
  const std::vector<Step>& steps() const { return steps_; }
  // The first step that reached `lsn`; nothing if the stage never did.
  std::optional<Step> Reached(uint64_t lsn) const {
    const auto step = std::lower_bound(steps_.begin(), steps_.end(), lsn,
                                       [](const Step& s, uint64_t x) { return s.lsn < x; });
    if (step == steps_.end()) return std::nullopt;
    return *step;
  }

  bool AdvancesAt(int64_t time_ns) const {
    const auto step =
        std::lower_bound(steps_.begin(), steps_.end(), time_ns,
                         [](const Step& s, int64_t time) { return s.time_ns < time; });
    return step != steps_.end() && step->time_ns == time_ns;
  }

 private:
  std::vector<Step> steps_;
};

}  // namespace replsim
