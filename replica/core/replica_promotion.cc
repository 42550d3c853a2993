// How a replica becomes the primary.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/mutant.h"
#include "replica/core/replica_core.h"

namespace replsim {

absl::Status ReplicaCore::BeginPromotion(Instant now, Epoch next) {
  now_ = now;
  if (const auto* failed = std::get_if<Failed>(&state_)) {
    return absl::FailedPreconditionError(absl::StrCat(id_.name(), " has stopped: ", failed->why));
  }
  if (link_.truncating()) {
    return absl::FailedPreconditionError(
        absl::StrCat(id_.name(), " is truncating its log: try again later"));
  }
  if (std::holds_alternative<Promoting>(state_)) {
    return absl::FailedPreconditionError(absl::StrCat(id_.name(), " is already being promoted"));
  }
  if (disk_full_) {
    return absl::FailedPreconditionError(
        absl::StrCat(id_.name(), " lacks disk space for the entries it has received"));
  }
  const bool elected = election_.IsElected(epoch_) && next == epoch_;
  if (next <= epoch_ && !elected) {
    return absl::FailedPreconditionError(absl::StrCat("epoch ", next.value(), " is not above ",
                                                      epoch_.value(), ", the highest ", id_.name(),
                                                      " has seen"));
  }
  // The refusal fences the old primary. This node would not have the writes that the old primary
  // acknowledges from here on.
  if (const StreamId open = link_.stream(); open != StreamId(0)) {
    Emit(Send{open, Refusal{next}});
    Emit(CloseStream{open});
  }
  link_.TurnOff();
  state_ = Promoting{next, now + options_.failover.promotion_time};
  if (log_.flush() < log_.last() && !Mutated(Mutant::kPromoteWithoutFlush)) Emit(FlushLog{});
  return absl::OkStatus();
}

bool ReplicaCore::IsDrained() const {
  return options_.failover.drain == Drain::kNone || applier_.applied() >= ApplyTarget();
}

absl::Status ReplicaCore::BeginDemotion() {
  return absl::FailedPreconditionError(absl::StrCat(id_.name(), " is already a replica"));
}

Core::RoleChange ReplicaCore::role_change() const {
  const auto* p = std::get_if<Promoting>(&state_);
  if (p == nullptr) return RoleChange::kNone;
  const bool flushed = log_.flush() == log_.last() || Mutated(Mutant::kPromoteWithoutFlush);
  const bool ready = flushed && IsDrained() && p->ready_at <= now_;
  return ready ? RoleChange::kReady : RoleChange::kWaits;
}

CoreStart ReplicaCore::HandOver(Effects* out) {
  REPL_CHECK(role_change() == RoleChange::kReady, id_.name(), " is not ready to lead");
  reads_.RefuseAll(Refused::kNodeStopped, out);
  CoreStart start;
  start.id = id_;
  start.epoch = epoch_;
  start.history = history_;
  start.last = log_.last();
  start.flushed = Mutated(Mutant::kPromoteWithoutFlush) ? log_.last() : log_.flush();
  start.applied = applier_.applied();
  start.committed = std::min(commit_, log_.last());
  start.next_stream = link_.next_stream();
  start.first = first_;
  start.voted_for = voted_for_;
  start.elected_at = election_.elected_at();
  start.in_sync = election_.elected_from();
  start.log_bytes = log_bytes_;
  return start;
}

}  // namespace replsim
