// The state after failovers and the losses, computed in the simplest way.
#include "tests/virtual/figures_oracle.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "protos/types.pb.h"

namespace replsim {

std::optional<double> FiguresOracle::RedundancyMs() const {
  if (scenario_.replication().ack_after() < proto::REPLICA_RECEIVE) return std::nullopt;
  std::optional<double> longest;
  uint64_t first = std::numeric_limits<uint64_t>::max();
  uint64_t last = 0;
  for (const Leader& leader : leaders_) {
    first = std::min(first, leader.epoch);
    last = std::max(last, leader.epoch);
  }
  for (const Leader& leader : leaders_) {
    if (leader.epoch == first || leader.since < begin_ || leader.since >= end_) continue;
    std::optional<double> met;
    bool behind = false;
    for (const TraceRecord& record : *recording_.nodes[leader.node].trace) {
      if (record.epoch != leader.epoch || met) continue;
      if (record.kind == static_cast<uint8_t>(TraceKind::kDegraded)) behind = true;
      if (record.kind == static_cast<uint8_t>(TraceKind::kProtected)) behind = false;
      const bool commits = record.kind == static_cast<uint8_t>(TraceKind::kCommit);
      if (commits && !behind && record.lsn > leader.after) {
        met = static_cast<double>(record.time_ns - leader.since) / 1e6;
      }
    }
    if (!met && leader.epoch == last) met = std::numeric_limits<double>::infinity();
    if (met) longest = std::max(longest.value_or(0), *met);
  }
  return longest;
}

std::optional<double> FiguresOracle::NewestSurvivorMs() const {
  std::optional<double> longest;
  for (const Leader& leader : leaders_) {
    const bool is_first = std::all_of(leaders_.begin(), leaders_.end(), [&](const Leader& other) {
      return other.epoch >= leader.epoch;
    });
    if (is_first || leader.after == 0 || leader.since < begin_ || leader.since >= end_) continue;
    const int64_t age = leader.since - AppendedAt(leader, leader.after);
    longest = std::max(longest.value_or(0), static_cast<double>(age) / 1e6);
  }
  return longest;
}

uint64_t FiguresOracle::AckedLost() const {
  return static_cast<uint64_t>(std::count_if(
      recording_.operations.begin(), recording_.operations.end(), [&](const Operation& o) {
        return o.is_write && o.outcome == proto::COMMITTED && !IsInFinalLog(o);
      }));
}

uint64_t FiguresOracle::RecordBytes() const {
  std::set<uint64_t> sizes;
  for (const LogEntry& entry : *recording_.FinalLog()) {
    if (entry.key != kNoKey) sizes.insert(entry.log_bytes);  // else it begins an epoch
  }
  return sizes.size() == 1 ? *sizes.begin() : 0;
}

}  // namespace replsim
