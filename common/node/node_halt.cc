// Where a failpoint stops a node: in its loop, or in its log device.
#include <utility>

#include "common/base/status.h"
#include "common/node/node.h"

namespace replsim {

void Node::Halt(Failpoints::Match match, Point point, std::optional<Effect> rest) {
  halted_ = true;
  if (rest.has_value()) todo_.push_front(*std::move(rest));
  const bool leaves =
      point == Point::kPrimarySend || point == Point::kPrimaryAck || point == Point::kReplicaAck;
  auto fire = [this, match] {
    RecordFailpoint(match.lsn);
    host_.Fire(match.pause);
  };
  // A point beyond the edge of the process lies behind what was handed over before it: that leaves
  // first. At the others nothing more may leave.
  if (!leaves) return fire();
  outside_.EndTurn();
  outside_.AfterSent(std::move(fire));
}

absl::StatusOr<std::optional<Node::Stop>> Node::WriteUntilFailpoint(const BatchPtr& batch) {
  const Point point = RolePoint(Point::kPrimaryWrite, Point::kReplicaWrite);
  for (const bool after : {false, true}) {
    const auto match = failpoints_.Pass(point, after, batch->first, batch->last);
    if (!match) continue;
    const Lsn through = after ? match->lsn : match->lsn - 1;
    if (through >= batch->first) {
      REPL_RETURN_IF_ERROR(storage_.log().Append(*Slice(batch, batch->first, through)));
    }
    const bool whole = through == batch->last;
    return Stop{*match, whole ? nullptr : Slice(batch, through + 1, batch->last)};
  }
  REPL_RETURN_IF_ERROR(storage_.log().Append(*batch));
  return std::optional<Stop>();
}

std::optional<Failpoints::Match> Node::PassFlush(bool after, Lsn first, Lsn last) {
  const Point point = RolePoint(Point::kPrimaryFlush, Point::kReplicaFlush);
  return failpoints_.Pass(point, after, first, last);
}

void Node::RecordFailpoint(Lsn lsn) { RecordNow(TraceKind::kFailpoint, lsn); }

void Node::RecordNow(TraceKind kind, Lsn lsn, uint64_t bytes, uint32_t epoch) {
  if (trace_ == nullptr) return;
  TraceRecord record;
  record.kind = static_cast<uint8_t>(kind);
  record.epoch = epoch;
  record.lsn = lsn.value();
  record.bytes = bytes;
  record.time_ns = ToNanos(host_.TraceTime());
  trace_->Add(record);
}

}  // namespace replsim
