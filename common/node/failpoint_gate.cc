#include "common/node/failpoint_gate.h"

#include <algorithm>
#include <utility>

namespace replsim {
namespace {

// The part of a batch effect with the writes [first, last]; absent if it is empty.
std::optional<Effect> Part(const Effect& effect, Lsn first, Lsn last) {
  if (first > last) return std::nullopt;
  if (const auto* append = std::get_if<AppendLog>(&effect)) {
    return AppendLog{Slice(append->batch, first, last), append->flush};
  }
  if (const auto* apply = std::get_if<ApplyRecords>(&effect)) {
    return ApplyRecords{apply->batch, first, last};
  }
  Send send = std::get<Send>(effect);
  BatchPtr& batch = std::get<Append>(send.message).batch;
  batch = Slice(batch, first, last);
  return send;
}

bool IsDivisible(Point point) {
  return point != Point::kReplicaAck && point != Point::kPrimaryAck && point != Point::kPrimaryGate;
}

}  // namespace

std::optional<FailpointGate::Stop> FailpointGate::Pass(Point point, Lsn first, Lsn last) {
  for (const bool after : {false, true}) {
    const auto match = failpoints_.Pass(point, after, first, last);
    if (match) return Stop{*match, point, after ? match->lsn : match->lsn - 1};
  }
  return std::nullopt;
}

std::optional<FailpointGate::Passage> FailpointGate::PassageOf(const Effect& effect, bool leads) {
  if (const auto* append = std::get_if<AppendLog>(&effect)) {
    return Passage{leads ? Point::kPrimaryAppend : Point::kReplicaReceive, append->batch->first,
                   append->batch->last};
  }
  if (const auto* apply = std::get_if<ApplyRecords>(&effect)) {
    return Passage{leads ? Point::kPrimaryApply : Point::kReplicaApply, apply->first, apply->last};
  }
  if (const auto* answer = std::get_if<AnswerWrite>(&effect)) {
    if (answer->outcome != WriteOutcome::kCommitted) return std::nullopt;
    return Passage{Point::kPrimaryAck, answer->position.lsn, answer->position.lsn};
  }
  if (const auto* passed = std::get_if<PassedGate>(&effect)) {
    return Passage{Point::kPrimaryGate, passed->first, passed->last};
  }
  const auto* send = std::get_if<Send>(&effect);
  if (send == nullptr) return std::nullopt;
  if (const auto* append = std::get_if<Append>(&send->message)) {
    if (append->batch == nullptr) return std::nullopt;
    return Passage{Point::kPrimarySend, append->batch->first, append->batch->last};
  }
  return NoteAck(*send);
}

std::optional<FailpointGate::Passage> FailpointGate::NoteAck(const Send& send) {
  const auto* ack = std::get_if<Ack>(&send.message);
  if (ack == nullptr) return std::nullopt;
  const Lsn told = acks_tell_flush_ ? ack->flush : ack->write;
  const Lsn first = std::min(std::exchange(acked_, told), told) + 1;
  return Passage{Point::kReplicaAck, first, told};
}

std::optional<FailpointGate::Divided> FailpointGate::Divide(const Effect& effect, bool leads) {
  const std::optional<Passage> passage = PassageOf(effect, leads);
  if (!passage) return std::nullopt;
  const std::optional<Stop> stop = Pass(passage->point, passage->first, passage->last);
  if (!stop) return std::nullopt;
  if (IsDivisible(passage->point)) {
    return Divided{*stop, Part(effect, passage->first, stop->through),
                   Part(effect, stop->through + 1, passage->last)};
  }
  const bool after = stop->through == stop->match.lsn;
  if (after) return Divided{*stop, effect, std::nullopt};
  return Divided{*stop, std::nullopt, effect};
}

}  // namespace replsim
