#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_format.h"
#include "simulator/oracle/oracle.h"
#include "simulator/promise/node_durability.h"

namespace replsim {
namespace {

// Whether the scenario has faults that may delay a node's flushes.
bool FlushesMayWait(const proto::Scenario& resolved) {
  return std::any_of(resolved.faults().begin(), resolved.faults().end(),
                     [](const proto::Fault& fault) {
                       switch (fault.do_()) {
                         case proto::PAUSE:
                         case proto::SLOW_DISK:
                         case proto::DISK_FULL:
                         case proto::FSYNC_ERROR:
                         case proto::SLOW_NODE:
                           return true;
                         default:
                           return false;
                       }
                     });
}

// How long writes may stay unflushed; absent: for ever.
struct Limits {
  std::optional<int64_t> as_primary_ns;
  std::optional<int64_t> as_replica_ns;
};

int64_t LongestFlush(const NodeRecording& node) {
  int64_t longest_ns = 0;
  for (const TraceRecord& record : *node.trace) {
    if (static_cast<TraceKind>(record.kind) != TraceKind::kFlushEnd) continue;
    longest_ns = std::max(longest_ns, static_cast<int64_t>(record.bytes));
  }
  return longest_ns;
}

std::optional<int64_t> LimitOf(const proto::Durability& durability, int64_t flush_ns) {
  if (durability.sync() != proto::INTERVAL) return std::nullopt;
  // Two intervals and two flushes, because a flush may have begun just before the write, plus slack
  // for a busy machine.
  constexpr int64_t kSlackNs = 1'000'000'000;
  return 2 * (durability.interval().ns() + flush_ns) + kSlackNs;
}

struct Overdue {
  int64_t age_ns;
  bool as_primary;
};

// Writes that a node kept unflushed for longer than its role allowed.
std::optional<Overdue> FindOverdue(const NodeRecording& node, const Limits& limits) {
  uint64_t written = 0;
  uint64_t flushed = 0;
  int64_t since_ns = 0;
  bool leads = false;
  for (const TraceRecord& record : *node.trace) {
    const auto kind = static_cast<TraceKind>(record.kind);
    const std::optional<int64_t> limit = leads ? limits.as_primary_ns : limits.as_replica_ns;
    const int64_t age_ns = record.time_ns - since_ns;
    // A node does not flush while it is down.
    const bool ran = kind != TraceKind::kStarted;
    if (ran && written > flushed && limit && age_ns > *limit) return Overdue{age_ns, leads};
    switch (kind) {
      case TraceKind::kStarted:
        leads = false;
        written = flushed = record.lsn;
        break;
      case TraceKind::kTruncated:
        written = flushed = record.lsn;
        break;
      case TraceKind::kLeads:
      case TraceKind::kFollows:
        leads = kind == TraceKind::kLeads;
        since_ns = record.time_ns;
        break;
      case TraceKind::kWrite:
        if (written <= flushed) since_ns = record.time_ns;
        written = std::max(written, record.lsn);
        break;
      case TraceKind::kFlush:
        flushed = std::max(flushed, record.lsn);
        since_ns = record.time_ns;
        break;
      default:
        break;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> FindMissingFlushesAndRollbacks(const proto::Scenario& resolved,
                                                        const Recording& recording) {
  std::vector<std::string> sentences;
  const bool may_wait = FlushesMayWait(resolved);
  for (const NodeRecording& node : recording.nodes) {
    if (!node.trace) continue;
    if (may_wait) continue;
    const proto::Durability as_primary = DurabilityAsPrimary(resolved.cluster(), node.id);
    const proto::Durability as_replica = DurabilityAsReplica(resolved.cluster(), node.id);
    if (as_primary.sync() != proto::INTERVAL && as_replica.sync() != proto::INTERVAL) continue;
    const int64_t flush_ns = LongestFlush(node);
    const auto overdue =
        FindOverdue(node, {LimitOf(as_primary, flush_ns), LimitOf(as_replica, flush_ns)});
    if (!overdue) continue;
    const proto::Durability& durability = overdue->as_primary ? as_primary : as_replica;
    sentences.push_back(
        absl::StrFormat("%s left writes unflushed for %d ms, with sync: interval of %d ms", node.id,
                        overdue->age_ns / 1'000'000, durability.interval().ns() / 1'000'000));
  }
  for (const proto::Manifest::NodeEnd& end : recording.manifest.ends()) {
    const auto index = recording.NodeIndex(end.node());
    if (!index || end.truncated_entries() == 0) continue;
    const auto& rollback = recording.nodes[*index].rollback_bytes;
    if (rollback && *rollback == 0) {
      sentences.push_back(
          absl::StrFormat("%s truncated %d log entries and kept none of them in its rollback file",
                          end.node(), end.truncated_entries()));
    }
  }
  return sentences;
}

}  // namespace replsim
