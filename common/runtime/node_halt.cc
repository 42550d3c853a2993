// Where a failpoint stops a node: in its loop, or in its log thread.
#include <cstdio>
#include <utility>

#include "common/runtime/node_loop.h"

namespace replsim {

void NodeLoop::Halt(Failpoints::Match match, Point point, std::optional<Effect> rest) {
  halted_ = true;
  if (rest.has_value()) todo_.push_front(*std::move(rest));
  const bool leaves =
      point == Point::kPrimarySend || point == Point::kPrimaryAck || point == Point::kReplicaAck;
  auto fire = [this, match] {
    RecordFailpoint(match.lsn);
    Failpoints::Fire(match.pause);
    Do([](NodeLoop& loop) { loop.halted_ = false; });
  };
  // A point beyond the edge of the process lies behind what was handed over before it: that leaves
  // first. At the others nothing more may leave.
  if (!leaves) return fire();
  outside_.EndTurn();
  outside_.AfterSent(std::move(fire));
}

Lsn NodeLoop::BeforeWrite(Lsn first, Lsn last) {
  const Point point = RolePoint(Point::kPrimaryWrite, Point::kReplicaWrite);
  const auto match = failpoints_.Pass(point, false, first, last);
  if (!match) return last;
  if (match->lsn > first) {
    // What comes before it is written first; the hook is asked again for the rest.
    failpoints_.Arm({{false, point}, 0, match->lsn, match->pause});
    return match->lsn - 1;
  }
  RecordFailpoint(match->lsn);
  Failpoints::Fire(match->pause);
  return last;
}

void NodeLoop::PassAndFire(Point primary, Point replica, bool after, Lsn first, Lsn last) {
  if (const auto match = failpoints_.Pass(RolePoint(primary, replica), after, first, last)) {
    RecordFailpoint(match->lsn);
    Failpoints::Fire(match->pause);
  }
}

void NodeLoop::RecordFailpoint(Lsn lsn) {
  std::fprintf(stderr, "failpoint reached at LSN %llu\n",
               static_cast<unsigned long long>(lsn.value()));
  if (recorder_ == nullptr) return;
  TraceRecord record;
  record.kind = static_cast<uint8_t>(TraceKind::kFailpoint);
  record.lsn = lsn.value();
  record.time_ns = ToNanos(MonotonicNow());
  recorder_->Add(record);
}

}  // namespace replsim
