// Counts the events of each turn of a node, from its trace. In virtual time all records of a turn
// have one time, and each event delays the turn's messages by one `work`. Live records have
// individual times, so every turn counts as a single event. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "common/protocol/trace.h"

namespace replsim {

class TurnEvents {
 public:
  // `leads`: on a primary every record is a request of its own; on a replica a batch is one
  // message.
  TurnEvents(const std::vector<TraceRecord>& trace, bool leads) {
    std::set<std::pair<int64_t, uint16_t>> acks;  // one message may acknowledge several stages
    uint64_t appended = 0;
    for (const TraceRecord& record : trace) {
      switch (static_cast<TraceKind>(record.kind)) {
        case TraceKind::kAppend:
          events_[record.time_ns] +=
              leads ? static_cast<int64_t>(record.lsn - std::min(appended, record.lsn)) : 1;
          appended = std::max(appended, record.lsn);
          break;
        case TraceKind::kFlush:
          ++events_[record.time_ns];
          break;
        case TraceKind::kPeerReceive:
        case TraceKind::kPeerWrite:
        case TraceKind::kPeerFlush:
        case TraceKind::kPeerApply:
          if (acks.insert({record.time_ns, record.peer}).second) ++events_[record.time_ns];
          break;
        default:
          break;
      }
    }
  }

  // Returns at least 1, for the event that began the turn.
  int64_t At(int64_t time_ns) const {
    const auto events = events_.find(time_ns);
    return events == events_.end() ? 1 : std::max<int64_t>(events->second, 1);
  }

 private:
  std::map<int64_t, int64_t> events_;  // by the turn's time
};

}  // namespace replsim
