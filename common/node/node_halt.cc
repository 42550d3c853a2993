// How a failpoint stops a node, in its loop or in its log device.
#include <utility>

#include "common/base/status.h"
#include "common/node/node.h"

namespace replsim {

void Node::Halt(Failpoints::Match match, Point point) {
  halted_ = true;
  const bool leaves =
      point == Point::kPrimarySend || point == Point::kPrimaryAck || point == Point::kReplicaAck;
  auto fire = [this, match] {
    trace_.AddFailpoint(match.lsn);
    host_.Fire(match.pause);
  };
  // The points send and ack lie outside of the process, so the messages handed over before them are
  // sent first. At the other points nothing more may be sent.
  if (!leaves) return fire();
  outside_.EndTurn();
  outside_.AfterSent(std::move(fire));
}

absl::StatusOr<std::optional<Node::Stop>> Node::WriteUntilFailpoint(const BatchPtr& batch) {
  const Point point = leads_ ? Point::kPrimaryWrite : Point::kReplicaWrite;
  const auto stop = gate_.Pass(point, batch->first, batch->last);
  const Lsn through = stop ? stop->through : batch->last;
  if (through == batch->last) {
    REPL_RETURN_IF_ERROR(storage_.log().Append(*batch));
  } else if (through >= batch->first) {
    REPL_RETURN_IF_ERROR(storage_.log().Append(*Slice(batch, batch->first, through)));
  }
  if (!stop) return std::optional<Stop>();
  const bool whole = through == batch->last;
  return Stop{stop->match, whole ? nullptr : Slice(batch, through + 1, batch->last)};
}

std::optional<Failpoints::Match> Node::PassFlush(bool after, Lsn first, Lsn last) {
  const Point point = leads_ ? Point::kPrimaryFlush : Point::kReplicaFlush;
  return gate_.PassSide(point, after, first, last);
}

}  // namespace replsim
