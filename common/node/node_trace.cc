#include "common/node/node_trace.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "common/base/check.h"

namespace replsim {
namespace {

// Short stalls are summed up: there are many, and a record for each would cost too much.
constexpr Nanos kShortStall = Micros(100);
constexpr Nanos kShortStallsSum = Millis(1);

uint32_t Capped(int64_t value) {
  return static_cast<uint32_t>(std::min<int64_t>(value, std::numeric_limits<uint32_t>::max()));
}

// Whether the LSN of a record of this kind lies in this node's own log.
bool IsOfOwnLog(TraceKind kind) {
  switch (kind) {
    case TraceKind::kAppend:
    case TraceKind::kWrite:
    case TraceKind::kFlush:
    case TraceKind::kApply:
    case TraceKind::kCommit:
    case TraceKind::kStarted:
    case TraceKind::kLeads:
    case TraceKind::kTruncated:
      return true;
    default:
      return false;
  }
}

}  // namespace

NodeTrace::NodeTrace(TraceSink* sink, std::vector<NodeId> nodes, Log& log, const NodeHost& host)
    : sink_(sink),
      nodes_(std::move(nodes)),
      log_(log),
      host_(host),
      bytes_(log.last(), log.bytes()) {}

uint64_t NodeTrace::BytesAt(Lsn lsn) {
  if (const auto bytes = bytes_.At(lsn)) return *bytes;
  const std::optional<uint64_t> bytes = log_.BytesAt(lsn);
  REPL_CHECK(bytes, "LSN ", lsn.value(), " lies before the log, which begins at ",
             log_.first().value());
  return *bytes;
}

void NodeTrace::Add(TraceKind kind, const NodeId& peer, Epoch epoch, Lsn lsn) {
  if (sink_ == nullptr) return;
  TraceRecord record;
  record.kind = static_cast<uint8_t>(kind);
  if (!peer.empty()) {
    const auto it = std::find(nodes_.begin(), nodes_.end(), peer);
    record.peer = static_cast<uint16_t>(it - nodes_.begin());
  }
  record.epoch = static_cast<uint32_t>(epoch.value());
  record.lsn = lsn.value();
  if (IsOfOwnLog(kind)) record.bytes = BytesAt(lsn);
  record.time_ns = ToNanos(host_.TraceTime());
  sink_->Add(record);
}

void NodeTrace::AddWallLag(Lsn lsn, Epoch epoch, Nanos lag) {
  AddNow(TraceKind::kWallLag, lsn, static_cast<uint64_t>(lag.count()),
         static_cast<uint32_t>(epoch.value()));
}

void NodeTrace::AddNow(TraceKind kind, Lsn lsn, uint64_t bytes, uint32_t epoch) {
  if (sink_ == nullptr) return;
  TraceRecord record;
  record.kind = static_cast<uint8_t>(kind);
  record.epoch = epoch;
  record.lsn = lsn.value();
  record.bytes = bytes;
  record.time_ns = ToNanos(host_.TraceTime());
  sink_->Add(record);
}

void NodeTrace::FlushEnded(Lsn last, uint64_t device_bytes) {
  const Nanos took = host_.TraceTime() - flush_begun_;
  AddNow(TraceKind::kFlushEnd, last, static_cast<uint64_t>(took.count()),
         Capped(static_cast<int64_t>(device_bytes / kDeviceBlockBytes)));
}

void NodeTrace::EndTurn() {
  const Nanos stall = std::exchange(stalled_, Nanos(0));
  if (stall == Nanos(0)) return;
  const auto record = [this](Nanos sum, Nanos worst) {
    AddNow(TraceKind::kLoopStall, log_.last(), static_cast<uint64_t>(sum.count()),
           Capped(worst.count()));
  };
  if (stall >= kShortStall) return record(stall, stall);
  short_stalls_ += stall;
  worst_short_stall_ = std::max(worst_short_stall_, stall);
  if (short_stalls_ < kShortStallsSum) return;
  record(std::exchange(short_stalls_, Nanos(0)), std::exchange(worst_short_stall_, Nanos(0)));
}

}  // namespace replsim
