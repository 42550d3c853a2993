#include "tests/virtual/outage_reference_logs.h"

#include <algorithm>
#include <optional>

namespace replsim {
namespace {

struct LogHolding {
  std::vector<uint64_t> log;  // the epoch of each entry
  uint64_t applied = 0;
  bool there = false;
};

using Logs = std::map<uint64_t, std::vector<uint64_t>>;

// One record may tell of many entries, of several epochs: who holds epoch:lsn holds the log of that
// epoch's leader.
void Extend(const Logs& logs, uint64_t epoch, uint64_t lsn, std::vector<uint64_t>& log) {
  const size_t before = std::min<size_t>(log.size(), lsn);
  log.resize(before);
  log.resize(lsn, epoch);
  const auto led = logs.find(epoch);
  if (led == logs.end()) return;
  for (size_t i = before; i < std::min<size_t>(lsn, led->second.size()); ++i) {
    log[i] = led->second[i];
  }
}

void Take(const TraceRecord& record, const Logs& logs, LogHolding& node) {
  if (Is(record, TraceKind::kStarted) || Is(record, TraceKind::kTruncated)) {
    Extend(logs, record.epoch, record.lsn, node.log);
    node.applied = std::min<uint64_t>(node.applied, record.lsn);
  } else if (Is(record, TraceKind::kAppend)) {
    Extend(logs, record.epoch, record.lsn, node.log);
  } else if (Is(record, TraceKind::kApply)) {
    node.applied = record.lsn;
  }
  node.there = true;
}

}  // namespace

ReferenceLogs FollowLogs(const Recording& recording, const std::vector<Leads>& leads,
                         const std::set<int64_t>& times) {
  ReferenceLogs out;
  Logs& logs = out.of_epoch;
  std::vector<LogHolding> nodes(recording.nodes.size());
  std::vector<size_t> next(recording.nodes.size());
  // Since it last started. What a node recovers is no record of a leader, unless it leads again.
  std::vector<bool> led_since_start(recording.nodes.size());
  out.missing.resize(recording.nodes.size());
  for (const int64_t time : times) {
    for (size_t node = 0; node < nodes.size(); ++node) {
      const std::vector<TraceRecord>& trace = *recording.nodes[node].trace;
      for (; next[node] < trace.size() && trace[next[node]].time_ns <= time; ++next[node]) {
        const TraceRecord& record = trace[next[node]];
        if (Is(record, TraceKind::kStarted)) led_since_start[node] = false;
        if (Is(record, TraceKind::kLeads)) led_since_start[node] = true;
        Take(record, logs, nodes[node]);
        if (Is(record, TraceKind::kLeads)) {
          logs[record.epoch] = nodes[node].log;
          logs[record.epoch].resize(record.lsn, record.epoch);
        }
        std::vector<uint64_t>* led = logs.count(record.epoch) > 0 ? &logs[record.epoch] : nullptr;
        if (Is(record, TraceKind::kAppend) && led != nullptr && record.lsn > led->size() &&
            led_since_start[node] && OwnerOf(leads, record.epoch) == node) {
          led->resize(record.lsn, record.epoch);
        }
      }
    }
    const Leads* leader = LeaderAt(leads, time);
    for (size_t node = 0; node < nodes.size(); ++node) {
      if (leader == nullptr || leader->node == node || !nodes[node].there) continue;
      const std::vector<uint64_t>& theirs = logs[leader->epoch];
      uint64_t common = 0;
      while (common < nodes[node].applied && common < nodes[node].log.size() &&
             common < theirs.size() && nodes[node].log[common] == theirs[common]) {
        ++common;
      }
      out.missing[node][time] = theirs.size() - common;
    }
  }
  return out;
}

}  // namespace replsim
