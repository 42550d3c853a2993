// Changes of role: how a node replaces its core by one of the other role.
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/mutant.h"
#include "common/base/status.h"
#include "common/node/node.h"
#include "common/storage/store/command.h"

namespace replsim {

namespace {

absl::Status NotInRole(const char* role) {
  return absl::FailedPreconditionError(absl::StrCat("this node does not become a ", role));
}

}  // namespace

void Node::Promote(Epoch epoch, std::vector<NodeId> followers, Told told) {
  if (halted_) {
    return told(absl::FailedPreconditionError(id_.name() + " is stopped at a failpoint"));
  }
  if (cores_.primary == nullptr) return told(NotInRole("primary"));
  auto make = [this, epoch, followers = std::move(followers)](const CoreStart& start) {
    return cores_.primary(start, epoch, followers);
  };
  BeginRoleChange(core_->BeginPromotion(host_.Now(), epoch), std::move(make), std::move(told));
}

void Node::BecomeReplica(const NodeId& primary, Told told) {
  if (halted_) {
    return told(absl::FailedPreconditionError(id_.name() + " is stopped at a failpoint"));
  }
  if (cores_.replica == nullptr) return told(NotInRole("replica"));
  auto make = [this, primary](const CoreStart& start) {
    return cores_.replica(start, primary.empty() ? start.primary : primary);
  };
  BeginRoleChange(core_->BeginDemotion(), std::move(make), std::move(told));
}

absl::Status Node::GiveUpLead() {
  if (halted_) return absl::FailedPreconditionError(id_.name() + " is stopped at a failpoint");
  if (!leads_) return absl::FailedPreconditionError(id_.name() + " does not lead");
  return core_->GiveUpLead(host_.Now());
}

absl::Status Node::ShutDown() {
  const auto unclean = [this](absl::string_view why) {
    return absl::FailedPreconditionError(absl::StrCat(id_.name(), " ", why));
  };
  if (halted_) return unclean("is stopped at a failpoint");
  halted_ = true;
  host_.log_device().Drain();
  if (!failure_.empty()) return unclean("has stopped: " + failure_);
  if (!waiting_.empty() || truncating_ || !todo_.empty()) {
    return unclean("holds records that are not in its log");
  }
  if (core_->Describe().unclean && !Mutated(Mutant::kForgetUnclean)) {
    return unclean("has not caught up since an unclean shutdown");
  }
  const absl::Status marked = storage_.MarkClean();
  if (!marked.ok()) return marked;
  Record(TraceKind::kEnds, NodeId(), storage_.metadata().epoch, storage_.log().last());
  trace_.EndTurn();
  return absl::OkStatus();
}

void Node::On(const Lead& lead) {
  std::vector<NodeId> followers;
  for (const NodeId& node : nodes_) {
    if (node != id_) followers.push_back(node);
  }
  Promote(lead.epoch, std::move(followers), [this, epoch = lead.epoch](const absl::Status& leads) {
    if (leads.ok()) host_.Elected(epoch, core_->Describe().append.lsn);
  });
  local_.push_back(TimerFired{});  // lets the core emit the effects of the promotion
}

void Node::On(const StepDown&) {
  BecomeReplica(NodeId(), [this](const absl::Status& follows) {
    if (follows.ok()) host_.SteppedDown();
  });
}

void Node::BeginRoleChange(absl::Status begun, MakeCore make, Told told) {
  if (!begun.ok()) return told(std::move(begun));
  if (pending_role_) {
    return told(absl::FailedPreconditionError(id_.name() + " is already changing its role"));
  }
  pending_role_ = {std::move(make), std::move(told)};
}

void Node::AbandonRoleChange(const absl::Status& why) {
  if (!pending_role_) return;
  Told told = std::move(pending_role_->told);
  pending_role_.reset();
  told(why);
}

// Does nothing until all effects of the core and the events that they caused have been handled.
void Node::ContinueRoleChange() {
  if (!todo_.empty() || !local_.empty() || !backlog_.empty()) return;
  switch (core_->role_change()) {
    case Core::RoleChange::kNone:
      return AbandonRoleChange(absl::FailedPreconditionError(
          failure_.empty() ? absl::StrCat(id_.name(), " has since learned of a higher epoch")
                           : absl::StrCat(id_.name(), " has stopped: ", failure_)));
    case Core::RoleChange::kWaits:
      return;
    case Core::RoleChange::kReady:
      return HandOver();
  }
}

void Node::HandOver() {
  const bool will_lead = !leads_;
  RequestTable requests;  // stays empty for a replica, which does not use it
  if (will_lead) {
    absl::StatusOr<RequestTable> of_log = RequestsOfLog();
    if (!of_log.ok()) {
      StorageFailed(of_log.status());
      drop_remaining_effects_ = false;  // there are no further effects in this step
      return;
    }
    requests = *std::move(of_log);
  }
  Effects last_words;
  CoreStart start = core_->HandOver(&last_words);
  for (Effect& effect : last_words) Execute(effect);
  start.requests = std::move(requests);
  core_ = pending_role_->make(start);
  SetWallClock(wall_clock_);
  if (apply_delay_) core_->Step(host_.Now(), *apply_delay_);
  leads_ = will_lead;
  Told told = std::move(pending_role_->told);
  pending_role_.reset();
  told(absl::OkStatus());
  local_.push_back(TimerFired{});  // lets the new core emit its first effects
}

// The requests of the applied records and of those not yet applied.
absl::StatusOr<RequestTable> Node::RequestsOfLog() {
  if (Mutated(Mutant::kForgetRequestsOnPromotion)) return RequestTable();
  if (Mutated(Mutant::kRequestsOfApplied)) return store_.requests();
  RequestTable requests = store_.requests();
  for (Lsn next = store_.applied() + 1; next <= storage_.log().last();) {
    REPL_ASSIGN_OR_RETURN(const BatchPtr batch, storage_.log().Read(next, 1 << 20));
    RecordView record;
    for (absl::string_view rest = batch->bytes; ParseRecord(rest, &record) == ParseOutcome::kRecord;
         rest.remove_prefix(record.encoded_bytes)) {
      const std::optional<Command> command = DecodeCommand(record.payload);
      if (command && command->kind != CommandKind::kEpochBegin) {
        requests.Add(command->client, command->sequence, record.position);
      }
    }
    next = batch->last + 1;
  }
  return requests;
}

}  // namespace replsim
