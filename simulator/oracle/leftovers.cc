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

// How long writes of a node with sync: interval stayed unflushed, if longer than `limit_ns`.
std::optional<int64_t> UnflushedFor(const NodeRecording& node, int64_t limit_ns) {
  uint64_t written = 0;
  uint64_t flushed = 0;
  int64_t since_ns = 0;
  for (const TraceRecord& record : *node.trace) {
    // A node does not flush while it is down.
    const bool ran = static_cast<TraceKind>(record.kind) != TraceKind::kStarted;
    const int64_t age_ns = record.time_ns - since_ns;
    if (ran && written > flushed && age_ns > limit_ns) return age_ns;
    switch (static_cast<TraceKind>(record.kind)) {
      case TraceKind::kStarted:
      case TraceKind::kTruncated:
        written = flushed = record.lsn;
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
    const proto::Durability durability = DurabilityAsPrimary(resolved.cluster(), node.id);
    // Two intervals, because a flush may have begun just before the write, plus slack for a busy
    // machine.
    constexpr int64_t kSlackNs = 1'000'000'000;
    const int64_t limit_ns = 2 * durability.interval().ns() + kSlackNs;
    if (durability.sync() != proto::INTERVAL || may_wait) continue;
    if (const auto age_ns = UnflushedFor(node, limit_ns)) {
      sentences.push_back(
          absl::StrFormat("%s left writes unflushed for %d ms, with sync: interval of %d ms",
                          node.id, *age_ns / 1'000'000, durability.interval().ns() / 1'000'000));
    }
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
