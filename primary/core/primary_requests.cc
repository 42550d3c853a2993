// The client requests of a primary: writes, tickets and reads.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/mutant.h"
#include "common/storage/store/command.h"
#include "primary/core/primary_core.h"
#include "primary/core/ticket.h"

namespace replsim {

// --- writes ---

void PrimaryCore::On(WriteRequest& write) {
  const auto refuse = [&](Refused why) {
    Emit(AnswerWrite{write.id, WriteOutcome::kRejected, why, Position{}, true});
  };
  if (write.known_epoch > epoch_) FenceBy(write.known_epoch);
  if (const auto* fenced = std::get_if<Fenced>(&state_)) return refuse(fenced->why);
  if (!leading()) return refuse(Refused::kNodeStopped);
  if (switchover_) {
    if (switchover_->held_back.size() >= options_.pending_records_max) {
      return refuse(Refused::kOverloaded);
    }
    return switchover_->held_back.push_back(std::move(write));
  }
  Accept(write);
}

// Called for a new write, and again for a write that has waited for its key.
void PrimaryCore::Accept(WriteRequest& write) {
  const auto refuse = [&](Refused why) {
    Emit(AnswerWrite{write.id, WriteOutcome::kRejected, why, Position{}, true});
  };
  const RequestTable::Last* held = requests_.Find(write.client);
  if (held != nullptr && write.sequence <= held->sequence &&
      !Mutated(Mutant::kApplyTwiceAfterRetry)) {
    return AnswerAgain(write, *held);
  }
  if (gates_.refuses() && Mutated(Mutant::kRejectAndLog)) {
    refuse(Refused::kSyncSetMissing);
    write.id = RequestId(0);
    return Admit(write);
  }
  if (gates_.refuses()) return refuse(Refused::kSyncSetMissing);
  if (disk_full_) return refuse(Refused::kDiskFull);
  if (queue_.IsFull()) return refuse(Refused::kOverloaded);
  if (!options_.knobs.serialize_keys) return Admit(write);
  const std::optional<Command> command = DecodeCommand(write.command);
  if (!command) return Admit(write);
  std::vector<std::string> keys;
  for (const absl::string_view key : KeysOf(*command)) keys.emplace_back(key);
  for (const std::string& key : keys) {
    if (queue_.locks().IsHeld(key)) return queue_.locks().Wait(key, std::move(write));
  }
  Admit(write);
  for (const std::string& key : keys) queue_.locks().Hold(key, log_.last);
}

void PrimaryCore::Admit(WriteRequest& write) {
  LogRecord(write.command, write.ticket ? RequestId(0) : write.id);
  requests_.Add(write.client, write.sequence, {epoch_, log_.last});
  if (write.conditional) outcomes_.Logged(log_.last, {write.client, write.sequence});
  if (write.ticket) {
    Emit(AnswerWrite{write.id, WriteOutcome::kPending, Refused::kNone, {epoch_, log_.last}, true});
  }
  if (options_.durability.sync == Sync::kEveryWrite) SealBatch();
}

// Makes the next record of the log. `client`: waits for the answer; 0: none.
void PrimaryCore::LogRecord(absl::string_view command, RequestId client) {
  ++log_.last;
  const uint64_t bytes =
      queue_.Add({epoch_, log_.last}, wall_clock_.At(now_), command, client, now_);
  if (write_times_.Add(now_, bytes)) write_times_.Trim(feed_.Slowest(log_.last));
}

// Raft, section 5.4.2: a record of an older epoch can be lost although a majority holds it, because
// a log elsewhere that ends with a newer epoch wins an election. A log that ends with a record of
// this epoch wins against those.
void PrimaryCore::BeginWithOwnRecord() {
  std::string command;
  EncodeCommand({0, 0, CommandKind::kEpochBegin, "", ""}, &command);
  LogRecord(command, RequestId(0));
  if (!Mutated(Mutant::kSkipOwnRecord)) gates_.BeginWithOwnRecord(log_.last);
}

// Answers a request that is in the log, or older than one that is, without logging it again.
void PrimaryCore::AnswerAgain(const WriteRequest& write, const RequestTable::Last& held) {
  if (write.sequence < held.sequence) {
    return Emit(AnswerWrite{write.id, WriteOutcome::kUnknown, Refused::kSuperseded, {}, true});
  }
  const Lsn lsn = held.position.lsn;
  if (Mutated(Mutant::kDoneWhenRetried)) {
    return Emit(
        AnswerWrite{write.id, WriteOutcome::kCommitted, Refused::kNone, held.position, true});
  }
  const RequestKey request =
      write.conditional ? RequestKey{write.client, write.sequence} : RequestKey();
  if (write.conditional && lsn <= gates_.done()) {
    return outcomes_.Answer({write.id, WriteOutcome::kCommitted, Refused::kNone, held.position,
                             gates_.IsProtected(lsn), request},
                            log_.apply, &effects_);
  }
  if (write.ticket || lsn <= gates_.done()) return AnswerTicket(write.id, held.position, false);
  if (gates_.HasTimedOut(lsn)) {
    return Emit(
        AnswerWrite{write.id, WriteOutcome::kUnknown, Refused::kGateTimeout, held.position, true});
  }
  waiters_.Add(write.id, lsn, WriteWaiters::Of::kWrite, &effects_, request);
}

// --- tickets ---

void PrimaryCore::On(TicketRequest& asked) {
  const Epoch seen = std::max(asked.known_epoch, asked.ticket.epoch);
  if (seen > epoch_) FenceBy(seen);
  if (!leading()) {
    const bool fenced = std::holds_alternative<Fenced>(state_);
    return Emit(AnswerWrite{asked.id, WriteOutcome::kUnknown,
                            fenced ? Refused::kFenced : Refused::kNodeStopped, asked.ticket, true});
  }
  AnswerTicket(asked.id, asked.ticket, asked.watch);
}

void PrimaryCore::AnswerTicket(RequestId id, Position ticket, bool watch) {
  switch (JudgeTicket(ticket, epoch_, history_, log_.last, gates_.done())) {
    case TicketState::kPending:
      if (watch) return waiters_.Add(id, ticket.lsn, WriteWaiters::Of::kTicket, &effects_);
      return Emit(AnswerWrite{id, WriteOutcome::kPending, Refused::kNone, ticket, true});
    case TicketState::kDone:
      return Emit(AnswerWrite{id, WriteOutcome::kCommitted, Refused::kNone, ticket,
                              gates_.IsProtected(ticket.lsn)});
    case TicketState::kLost:
      return Emit(AnswerWrite{id, WriteOutcome::kLost, Refused::kNone, ticket, true});
    case TicketState::kUnknown:
      return Emit(AnswerWrite{id, WriteOutcome::kUnknown, Refused::kNone, ticket, true});
  }
}

// --- reads ---

void PrimaryCore::On(ReadRequest& read) {
  const bool fenced = std::holds_alternative<Fenced>(state_);
  const bool answers = leading() || (fenced && Mutated(Mutant::kFencedAnswersReads));
  if (read.consistency != ReadConsistency::kAny && !answers) {
    Emit(AnswerRead{read.id, std::move(read.key),
                    fenced ? Refused::kFenced : Refused::kNodeStopped});
    return;
  }
  if (read.consistency != ReadConsistency::kAtPosition) read.at_least = Position{};
  // Inherited records may still be lost, so no read is answered before the own record is applied.
  reads_.Add(std::move(read), log_.apply, history_, &effects_,
             /*not_before=*/gates_.own_record());
}

}  // namespace replsim
