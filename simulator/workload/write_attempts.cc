// A write from its first attempt to its end: deadlines, retries and tickets.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/storage/store/command.h"
#include "simulator/recording/request_name.h"
#include "simulator/recording/written_value.h"
#include "simulator/workload/arrivals.h"
#include "simulator/workload/operation_issuer.h"

namespace replsim {
namespace {

constexpr uint32_t kAttemptsMax = 100;

// A higher value means that less is known.
int Uncertainty(proto::Outcome outcome) {
  switch (outcome) {
    case proto::REJECTED:
      return 1;
    case proto::LOST:
      return 2;
    default:
      return 3;
  }
}

}  // namespace

void OperationIssuer::Attempt(uint32_t slot, Instant deadline) {
  Slot& self = slots_[slot];
  Operation& operation = self.operation;
  self.deadline = deadline;
  RequestName name{operation.client, self.lane, operation.sequence};
  if (retry_ == proto::NEW_REQUEST) name.attempt = static_cast<uint8_t>(operation.attempts);
  ++operation.attempts;
  ++operation.requests;
  // Two words of capture, which AnyInvocable stores inline without an allocation per operation.
  Send(self, name,
       [this, slot](OperationResult result) { AttemptAnswered(slot, std::move(result)); });
}

void OperationIssuer::Send(Slot& slot, const RequestName& name, OperationDone done) {
  const Operation& operation = slot.operation;
  const std::string key = KeyName(operation.key);
  const uint64_t client = name.client_on_wire(), sequence = name.sequence_on_wire();
  WriteValue({operation.client, operation.sequence}, value_bytes_, &value_);
  if (for_tickets_) {
    return cluster_->Submit(client, sequence, key, value_, slot.deadline, std::move(done));
  }
  switch (operation.kind) {
    case OperationKind::kPutOrGet:
      return cluster_->Write(client, sequence, key, value_, slot.deadline, std::move(done));
    case OperationKind::kDelete:
      return cluster_->Execute({client, sequence, CommandKind::kDelete, key, ""}, slot.deadline,
                               std::move(done));
    case OperationKind::kAppend: {
      WriteElement({operation.client, operation.sequence}, &value_);
      return cluster_->Execute({client, sequence, CommandKind::kAppend, key, value_}, slot.deadline,
                               std::move(done));
    }
    case OperationKind::kCas: {
      Command cas{client, sequence, CommandKind::kCas, key, value_};
      std::string expected;
      if (const WrittenValue value = *operation.value(); !value.empty()) {
        WriteValue(value, value_bytes_, &expected);
        cas.expected = expected;
      }
      return cluster_->Execute(cas, slot.deadline, std::move(done));
    }
    case OperationKind::kTransaction:
      return SendTransaction(slot, name, std::move(done));
  }
}

// Puts value_ to every key of the operation.
void OperationIssuer::SendTransaction(const Slot& slot, const RequestName& name,
                                      OperationDone done) {
  const Operation& operation = slot.operation;
  std::vector<std::string> keys;
  for (uint32_t i = 0; i < operation.key_count(); ++i) keys.push_back(KeyName(operation.key + i));
  std::vector<KeyValue> puts;
  for (const std::string& key : keys) puts.push_back({key, value_});
  const std::string encoded = EncodePuts(puts);
  cluster_->Execute(
      {name.client_on_wire(), name.sequence_on_wire(), CommandKind::kTransaction, "", encoded},
      slot.deadline, std::move(done));
}

void OperationIssuer::AttemptAnswered(uint32_t slot, OperationResult result) {
  if (result.outcome != proto::PENDING) return EndAttempt(slot, std::move(result));
  Slot& self = slots_[slot];
  self.ticket = result.position.value_or(Position());
  if (self.operation.ticket_ns == 0) self.operation.ticket_ns = ToNanos(scheduler_->Now());
  if (watch_) return AskTicket(slot);
  AskTicketAfter(slot, poll_);
}

void OperationIssuer::AskTicketAfter(uint32_t slot, Nanos wait) {
  At(std::min(scheduler_->Now() + wait, slots_[slot].deadline), slot, &OperationIssuer::AskTicket);
}

void OperationIssuer::AskTicket(uint32_t slot) {
  Slot& self = slots_[slot];
  if (scheduler_->Now() >= self.deadline) {
    OperationResult late;
    late.reason = proto::DEADLINE;
    return EndAttempt(slot, std::move(late));
  }
  ++self.operation.requests;
  cluster_->AskTicket(
      self.operation.client, self.ticket, watch_, self.deadline,
      [this, slot](OperationResult result) { TicketAnswered(slot, std::move(result)); });
}

void OperationIssuer::TicketAnswered(uint32_t slot, OperationResult result) {
  if (result.outcome == proto::COMMITTED || result.outcome == proto::LOST) {
    return EndAttempt(slot, std::move(result));
  }
  // Still pending, or the answer is unknown: the next primary may know it.
  AskTicketAfter(slot, watch_ ? kFirstBackOff : poll_);
}

void OperationIssuer::EndAttempt(uint32_t slot, OperationResult result) {
  if (result.outcome == proto::COMMITTED) return End(slot, result);
  Slot& self = slots_[slot];
  const bool again = MayRetry(self, result);
  const bool waited = result.reason == proto::DEADLINE;
  const bool first = self.operation.attempts == 1;
  if (first || Uncertainty(result.outcome) > Uncertainty(self.so_far.outcome)) {
    self.so_far = std::move(result);
  }
  if (!again) return End(slot, std::exchange(self.so_far, {}));
  self.back_off = std::clamp(2 * self.back_off, kFirstBackOff, kLongestBackOff);
  At(scheduler_->Now() + (waited ? Nanos(0) : self.back_off), slot, &OperationIssuer::AttemptAgain);
}

void OperationIssuer::AttemptAgain(uint32_t slot) {
  if (retry_ == proto::NO_RETRY) return End(slot, std::exchange(slots_[slot].so_far, {}));
  Attempt(slot, scheduler_->Now() + deadline_);
}

bool OperationIssuer::MayRetry(const Slot& slot, const OperationResult& result) const {
  if (retry_ != proto::SAME_REQUEST && retry_ != proto::NEW_REQUEST) return false;
  if (slot.operation.attempts >= kAttemptsMax) return false;
  return result.reason != proto::OVERLOADED && result.reason != proto::SUPERSEDED;
}

void OperationIssuer::At(Instant when, uint32_t slot, void (OperationIssuer::*what)(uint32_t)) {
  scheduler_->At(when, [this, slot, what, alive = std::weak_ptr(alive_)] {
    if (alive.lock() != nullptr) (this->*what)(slot);
  });
}

}  // namespace replsim
