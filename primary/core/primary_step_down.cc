// How a primary stops leading, and how a fenced one hands over to the core of a replica.
#include <algorithm>
#include <functional>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/mutant.h"
#include "primary/core/primary_core.h"

namespace replsim {

void PrimaryCore::FenceBy(Epoch epoch, const NodeId& primary) {
  if (Mutated(Mutant::kAcceptStaleEpoch)) return;
  if (auto* fenced = std::get_if<Fenced>(&state_)) {
    if (epoch >= fenced->by && !primary.empty()) fenced->primary = primary;
    return;
  }
  if (!leading()) return;
  state_ = Fenced{epoch, Refused::kFenced, primary};
  if (!Mutated(Mutant::kFenceWithoutSaving)) Emit(SaveEpoch{epoch, history_});
  // log_.append, not log_.last: writes that were not given to the log are dropped.
  Emit(Trace{TraceKind::kFenced, NodeId(), epoch, log_.append});
  StopLeading(Refused::kFenced);
}

// When too few nodes will have answered for too long; kNever: the rule is off.
Instant PrimaryCore::LosesLeadAt() const {
  const ElectionKnobs& knobs = options_.election;
  const size_t others = NodesNeeded(knobs.lose_lead_without, feed_.followers().size() + 1) - 1;
  if (knobs.lose_lead_after == Nanos(0) || others == 0) return kNever;
  if (Mutated(Mutant::kNeverLoseLead)) return kNever;
  absl::InlinedVector<Instant, 8> heard;
  for (const auto& [id, progress] : feed_.followers()) heard.push_back(progress.last_heard());
  if (others > heard.size()) return began_ + knobs.lose_lead_after;
  // The instant at which the last of the needed answers arrived.
  std::nth_element(heard.begin(), heard.begin() + static_cast<int64_t>(others - 1), heard.end(),
                   std::greater<>());
  return std::max(heard[others - 1], began_) + knobs.lose_lead_after;
}

void PrimaryCore::LoseLeadIfAlone() {
  if (!leading() || now_ < LosesLeadAt()) return;
  state_ = Fenced{epoch_, Refused::kNotPrimary, NodeId()};
  Emit(Trace{TraceKind::kStepsDown, NodeId(), epoch_, log_.append});
  StopLeading(Refused::kNotPrimary);
}

// Answers all waiting clients. Writes in the log may be committed or lost, so the answer is
// unknown. Writes that wait for their key were never logged, so they are rejected.
void PrimaryCore::StopLeading(Refused why) {
  queue_.DropUnsealed();
  for (const WriteRequest& write : queue_.locks().Drop()) {
    Emit(AnswerWrite{write.id, WriteOutcome::kRejected, why, Position{}, true});
  }
  for (Lsn lsn = queue_.first(); lsn <= log_.last; ++lsn) {
    const RequestId client = queue_.TakeClient(lsn);
    if (client == RequestId(0)) continue;
    const bool rejects = Mutated(Mutant::kFenceRejectsLogged);
    const WriteOutcome outcome = rejects ? WriteOutcome::kRejected : WriteOutcome::kUnknown;
    Emit(AnswerWrite{client, outcome, why, Position{}, true});
  }
  if (switchover_) {
    for (const WriteRequest& write : switchover_->held_back) {
      Emit(AnswerWrite{write.id, WriteOutcome::kRejected, why, Position{}, true});
    }
    switchover_.reset();
  }
  waiters_.AnswerAllUnknown(why, &effects_);
  outcomes_.AnswerAllUnknown(why, &effects_);
  feed_.CloseAll(&effects_);
  reads_.RefuseAll(why, &effects_);
  const bool follows = options_.election.rejoin == Rejoin::kFollow;
  if (follows && std::holds_alternative<Fenced>(state_)) Emit(StepDown{});
}

absl::Status PrimaryCore::BeginPromotion(Instant, Epoch) {
  return absl::FailedPreconditionError(absl::StrCat(
      id_.name(), leading() ? " is already the primary"
                            : " was fenced: kill it and restart it as a replica first"));
}

absl::Status PrimaryCore::BeginDemotion() {
  if (const auto* failed = std::get_if<Failed>(&state_)) {
    return absl::FailedPreconditionError(absl::StrCat(id_.name(), " has stopped: ", failed->why));
  }
  if (leading()) {
    return absl::FailedPreconditionError(
        absl::StrCat(id_.name(), " leads epoch ", epoch_.value(), ": no higher epoch is known"));
  }
  return absl::OkStatus();
}

// Ready when everything given to the log is written and everything given to the store is applied.
// This includes appends that wait for space on a full disk.
Core::RoleChange PrimaryCore::role_change() const {
  if (!std::holds_alternative<Fenced>(state_)) return RoleChange::kNone;
  const bool arrived = log_.write == log_.append && log_.apply == log_.apply_asked;
  return arrived ? RoleChange::kReady : RoleChange::kWaits;
}

CoreStart PrimaryCore::HandOver(Effects* out) {
  REPL_CHECK(role_change() == RoleChange::kReady, id_.name(), " is not ready to follow");
  // Reads that arrived after the fence and wait for the own record.
  reads_.RefuseAll(Refused::kFenced, out);
  CoreStart start;
  start.id = id_;
  const Fenced& fenced = std::get<Fenced>(state_);
  start.epoch = fenced.by;
  if (fenced.by == epoch_) start.voted_for = id_;
  start.primary = fenced.primary;
  start.history = history_;
  start.last = log_.append;
  start.flushed = log_.flush;
  start.applied = log_.apply;
  start.next_stream = next_stream_;
  start.first = first_;
  return start;
}

}  // namespace replsim
