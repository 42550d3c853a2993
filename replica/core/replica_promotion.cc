// The end of a replica: how it becomes the primary.
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
  if (std::holds_alternative<Truncating>(state_)) {
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
  if (next <= epoch_) {
    return absl::FailedPreconditionError(absl::StrCat("epoch ", next.value(), " is not above ",
                                                      epoch_.value(), ", the highest ", id_.name(),
                                                      " has seen"));
  }
  // The old primary learns from our last word that it leads no more: what it acknowledged from here
  // on, this node would not have.
  if (const StreamId open = stream(); open != StreamId(0)) {
    Emit(Send{open, Refusal{next}});
    Emit(CloseStream{open});
  }
  state_ = Promoting{next, now + options_.failover.promotion_time};
  if (flush_ < last_ && !Mutated(Mutant::kPromoteWithoutFlush)) Emit(FlushLog{});
  return absl::OkStatus();
}

bool ReplicaCore::IsDrained() const {
  return options_.failover.drain == Drain::kNone || applied_ >= ApplyTarget();
}

Core::Promotion ReplicaCore::promotion() const {
  const auto* p = std::get_if<Promoting>(&state_);
  if (p == nullptr) return Promotion::kNone;
  const bool flushed = flush_ == last_ || Mutated(Mutant::kPromoteWithoutFlush);
  const bool ready = flushed && IsDrained() && p->ready_at <= now_;
  return ready ? Promotion::kReady : Promotion::kWaits;
}

CoreStart ReplicaCore::HandOver(Effects* out) {
  REPL_CHECK(promotion() == Promotion::kReady, id_.name(), " is not ready to lead");
  reads_.RefuseAll(Refused::kNodeStopped, out);
  CoreStart start;
  start.id = id_;
  start.epoch = epoch_;
  start.history = history_;
  start.first = first_;
  start.last = last_;
  start.flushed = Mutated(Mutant::kPromoteWithoutFlush) ? last_ : flush_;
  start.applied = applied_;
  start.committed = std::min(commit_, last_);
  return start;
}

}  // namespace replsim
