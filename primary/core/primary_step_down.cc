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
  state_ = Fenced{epoch, Refused::kFenced, primary, std::nullopt};
  if (!Mutated(Mutant::kFenceWithoutSaving)) Emit(SaveEpoch{epoch, history_});
  // log_.append, not log_.last: writes that were not given to the log are dropped.
  Emit(Trace{TraceKind::kFenced, NodeId(), epoch, log_.append});
  StopLeading(Refused::kFenced);
}

// The instant of the follower or witness that is number `others` from the newest; the zero instant
// if there are not so many. A null `of_follower` leaves the followers out.
Instant PrimaryCore::NthNewest(size_t others, Instant (FollowerProgress::*of_follower)() const,
                               Instant WitnessPulse::Heard::*of_witness) const {
  absl::InlinedVector<Instant, 8> instants;
  if (of_follower != nullptr) {
    for (const auto& [id, follower] : feed_.followers()) {
      instants.push_back((follower.*of_follower)());
    }
  }
  for (const auto& [id, witness] : witnesses_.heard()) instants.push_back(witness.*of_witness);
  if (others > instants.size()) return Instant();
  const auto nth = instants.begin() + static_cast<int64_t>(others - 1);
  std::nth_element(instants.begin(), nth, instants.end(), std::greater<>());
  return *nth;
}

// When too few nodes will have answered for too long; kNever: the rules are off.
Instant PrimaryCore::LosesLeadAt() const {
  const ElectionKnobs& knobs = options_.election;
  if (Mutated(Mutant::kNeverLoseLead)) return kNever;
  if (knobs.lose_lead_after == Nanos(0)) return LeaseEndsAt();
  const size_t others = NodesNeeded(knobs.lose_lead_without, nodes()) - 1;
  if (others == 0) return LeaseEndsAt();
  const Instant heard =
      NthNewest(others, &FollowerProgress::last_heard, &WitnessPulse::Heard::answered);
  return std::min(std::max(heard, began_) + knobs.lose_lead_after, LeaseEndsAt());
}

// The number of other voters that must be bound, so that the rest are too few to elect a candidate.
size_t PrimaryCore::BindingVotersNeeded() const {
  const ElectionKnobs& knobs = options_.election;
  const bool all_vote = knobs.voters == Voters::kAll;
  const size_t others = all_vote ? nodes() - 1 : witnesses_.heard().size();
  const size_t own = all_vote ? 1 : 0;
  return others + 1 - NodesNeeded(knobs.granted_by, others + own);
}

// A node is bound for the length of the lease from when it received a message, which is after
// the primary sent it. No other node is elected while so many are bound that the rest, with the
// votes that they can give, are too few (granted_by).
Instant PrimaryCore::LeaseEndsAt() const {
  const ElectionKnobs& knobs = options_.election;
  if (knobs.lease == Nanos(0)) return kNever;
  const size_t others = BindingVotersNeeded();
  if (others == 0) return kNever;  // no other node is elected without this one
  const bool all_vote = knobs.voters == Voters::kAll;
  const Instant bound = NthNewest(others, all_vote ? &FollowerProgress::bound_since : nullptr,
                                  &WitnessPulse::Heard::bound_since);
  const Nanos margin = Mutated(Mutant::kLeadAfterLease) ? -knobs.lease : knobs.lease_margin;
  return std::max(bound, lease_from_) + knobs.lease - margin;
}

// When the disk will have stood still for too long; kNever: it does not, or the rule is off.
Instant PrimaryCore::DiskFailsAt() const {
  const Nanos limit = options_.election.disk_stall_after;
  const Instant since = disk_.still_since();
  return limit == Nanos(0) || since == kNever ? kNever : since + limit;
}

void PrimaryCore::LoseLeadIfDue() {
  if (leading() && now_ >= std::min(LosesLeadAt(), DiskFailsAt())) StepDownFromLead();
}

// No client is answered from here on. If the lease holds for some time yet, the followers get the
// rest of the log meanwhile: otherwise a node that has stopped leading in good order would be ahead
// of them, and an election would lose what they lack.
void PrimaryCore::StepDownFromLead() {
  state_ = Fenced{epoch_, Refused::kNotPrimary, NodeId(), now_ + options_.election.lease_margin};
  Emit(Trace{TraceKind::kStepsDown, NodeId(), epoch_, log_.append});
  AnswerAll(Refused::kNotPrimary);
}

bool PrimaryCore::sends_rest() const {
  const auto* fenced = std::get_if<Fenced>(&state_);
  return fenced != nullptr && fenced->sends_until.has_value();
}

void PrimaryCore::SendRest() {
  const auto& followers = feed_.followers();
  const bool served = std::all_of(followers.begin(), followers.end(), [this](const auto& one) {
    return !one.second.connected() || one.second.reported().receive >= log_.append;
  });
  Fenced& fenced = std::get<Fenced>(state_);
  if (served || now_ >= *fenced.sends_until) {
    fenced.sends_until.reset();
    return LeaveFollowers();
  }
  feed_.DropSilent(now_, &effects_);
  feed_.SendAll(FeedLimits(), now_, &effects_);
  FlushIfDue();
}

void PrimaryCore::StopLeading(Refused why) {
  AnswerAll(why);
  LeaveFollowers();
}

void PrimaryCore::LeaveFollowers() {
  feed_.CloseAll(&effects_);
  const bool follows = options_.election.rejoin == Rejoin::kFollow;
  if (follows && std::holds_alternative<Fenced>(state_)) Emit(StepDown{});
}

// Answers all waiting clients. Writes in the log may be committed or lost, so the answer is
// unknown. Writes that wait for their key were never logged, so they are rejected.
void PrimaryCore::AnswerAll(Refused why) {
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
  reads_.RefuseAll(why, &effects_);
}

// Without elections no other node would ever lead.
absl::Status PrimaryCore::GiveUpLead(Instant now) {
  if (!leading()) {
    return absl::FailedPreconditionError(absl::StrCat(id_.name(), " does not lead"));
  }
  if (!options_.election.on()) {
    return absl::FailedPreconditionError(absl::StrCat(
        id_.name(), " leads until another node is promoted, because its nodes hold no elections"));
  }
  now_ = now;
  StepDownFromLead();
  return absl::OkStatus();
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
  return arrived && !sends_rest() ? RoleChange::kReady : RoleChange::kWaits;
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
  start.log_bytes = log_bytes_;
  return start;
}

}  // namespace replsim
