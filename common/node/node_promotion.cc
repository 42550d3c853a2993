// How a node changes its core for the one that leads.
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/mutant.h"
#include "common/base/status.h"
#include "common/node/node.h"
#include "common/storage/store/command.h"

namespace replsim {

void Node::Promote(Epoch epoch, MakeCore make, Told told) {
  if (halted_) {
    return told(absl::FailedPreconditionError(
        absl::StrCat(options_.id.name(), " is stopped at a failpoint")));
  }
  if (absl::Status begun = core_->BeginPromotion(host_.Now(), epoch); !begun.ok()) {
    return told(std::move(begun));
  }
  being_promoted_ = {std::move(make), std::move(told)};
}

void Node::AbandonPromotion(const absl::Status& why) {
  if (!being_promoted_) return;
  Told told = std::move(being_promoted_->told);
  being_promoted_.reset();
  told(why);
}

// Where everything the core had asked for has been done, and what came of it at once.
void Node::ContinuePromotion() {
  if (!todo_.empty() || !local_.empty() || !backlog_.empty()) return;
  switch (core_->promotion()) {
    case Core::Promotion::kNone:
      return AbandonPromotion(absl::FailedPreconditionError(
          failure_.empty()
              ? absl::StrCat(options_.id.name(), " has since learned of a higher epoch")
              : absl::StrCat(options_.id.name(), " has stopped: ", failure_)));
    case Core::Promotion::kWaits:
      return;
    case Core::Promotion::kReady:
      return HandOver();
  }
}

void Node::HandOver() {
  absl::StatusOr<RequestTable> requests = RequestsOfLog();
  if (!requests.ok()) {
    StorageFailed(requests.status());
    rest_is_void_ = false;  // no effect was being carried out
    return;
  }
  Effects last_words;
  CoreStart start = core_->HandOver(&last_words);
  for (Effect& effect : last_words) Execute(effect);
  start.requests = *std::move(requests);
  core_ = being_promoted_->make(start);
  SetWallClock(wall_clock_);
  leads_ = true;
  Told told = std::move(being_promoted_->told);
  being_promoted_.reset();
  told(absl::OkStatus());
  local_.push_back(TimerFired{});  // the new core has things to do
}

// What the store has applied, and what it is yet to.
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
