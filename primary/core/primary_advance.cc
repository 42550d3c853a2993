// What follows from new positions: batches to the log, gates, answers, visibility, sends.
#include <algorithm>
#include <memory>
#include <utility>

#include "common/base/check.h"
#include "common/base/mutant.h"
#include "primary/core/gate.h"
#include "primary/core/primary_core.h"

namespace replsim {

// A write that gets its key now is logged now, and may pass gates that do not wait for the disk.
void PrimaryCore::AdvanceWrites() {
  do {
    SealBatch();
    LogAllowed();
    AdvanceGates();
    ApplyTimeouts();
    Answer();
  } while (GrantKeys());
}

bool PrimaryCore::GrantKeys() {
  bool granted = false;
  while (std::optional<WriteRequest> write = locks_.NextFree(visible_)) {
    granted = true;
    Accept(*write);
  }
  return granted;
}

// --- batches and the log ---

void PrimaryCore::SealBatch() {
  if (building_.empty()) return;
  auto batch = std::make_shared<RecordBatch>();
  batch->first = building_first_;
  batch->last = last_;
  batch->bytes = std::exchange(building_, {});
  recent_.Add(std::move(batch));
}

void PrimaryCore::LogAllowed() {
  Lsn allowed = last_;
  if (options_.knobs.order == Order::kReplicasFirst && !degraded() &&
      !Mutated(Mutant::kLogBeforeReplicas)) {
    allowed = std::clamp(SetAt(options_.knobs.ack_after), append_, last_);
  }
  while (append_ < allowed) {
    BatchPtr batch = recent_.From(append_ + 1, allowed);
    REPL_CHECK(batch != nullptr, "no record ", (append_ + 1).value(), " to log");
    append_ = batch->last;
    Emit(AppendLog{std::move(batch), flushes_.mode()});
    EmitTrace(TraceKind::kAppend, append_);
  }
}

void PrimaryCore::FlushIfDue() {
  const Lsn written = Mutated(Mutant::kFlushWhatIsUnwritten) ? append_ : write_;
  if (flushes_.Due(now_, written, flush_)) Emit(FlushLog{});
}

// --- gates ---

bool PrimaryCore::WaitsForReplicas() const {
  return IsReplicaStage(options_.knobs.ack_after) || IsReplicaStage(options_.knobs.visible_after);
}

// The lowest of the two gates' stages, not the later one: a replica may apply before it flushes.
Lsn PrimaryCore::SetReached() const {
  Lsn reached = last_;
  for (const Stage stage : {options_.knobs.ack_after, options_.knobs.visible_after}) {
    if (IsReplicaStage(stage)) reached = std::min(reached, SetAt(stage));
  }
  return reached;
}

Lsn PrimaryCore::LocalPosition() const {
  return FlushesBeforeAnswering(options_.durability.sync) ? flush_ : write_;
}

Lsn PrimaryCore::SetAt(Stage stage) const {
  std::vector<MemberPosition> members;
  members.reserve(replicas_.size());
  for (const auto& [id, progress] : replicas_) {
    if (!progress.counts()) continue;
    const bool streaming = progress.streaming() != nullptr;
    const bool has_all = Mutated(Mutant::kDisconnectedHasAll) && !streaming;
    members.push_back({id.name(), streaming, has_all ? last_ : progress.At(stage)});
  }
  return SetPosition(options_.knobs.sync_set, std::move(members), replicas_.size() + 1);
}

Lsn PrimaryCore::GateAt(Stage stage, bool with_replicas) const {
  switch (stage) {
    case Stage::kAppend:
      return append_;
    case Stage::kWrite:
      return write_;
    case Stage::kFlush:
      return Mutated(Mutant::kAckBeforeFlush) ? append_ : flush_;
    default:
      break;
  }
  if (!with_replicas) return LocalPosition();
  if (Mutated(Mutant::kGateIgnoresOwnLog)) return SetAt(stage);
  const Lsn passed = std::min(LocalPosition(), SetAt(stage));
  return Mutated(Mutant::kGateOneTooFar) ? std::min(passed + 1, last_) : passed;
}

Lsn PrimaryCore::Gated() const { return std::min(commit_, visible_); }

void PrimaryCore::AdvanceGates() {
  const ReplicationKnobs& knobs = options_.knobs;
  const bool keeps_degraded = Mutated(Mutant::kDegradeForever) && !protection_.holds();
  if (WaitsForReplicas() && knobs.on_timeout != OnTimeout::kBlock && !keeps_degraded) {
    if (protection_.Observe(now_, last_, SetReached())) {
      refusing_ = false;
      EmitTrace(TraceKind::kProtected, last_);
    }
  }
  const Lsn reached = std::min(GateAt(knobs.ack_after, true), last_);
  protected_ = std::max(protected_, Committed(reached));
  done_protected_ = std::max(done_protected_, Committed(reached));
  const Lsn passed = Committed(GateAt(knobs.ack_after, !degraded()));
  done_ = std::max({done_, passed, done_protected_});
  const Lsn commit = std::max(passed, protected_);
  if (commit > commit_) {
    Emit(PassedGate{epoch_, std::max(commit_, taken_over_) + 1, commit});
    commit_ = commit;
  }
  const bool waits = !degraded() && !Mutated(Mutant::kVisibleBeforeGate);
  visible_ = std::max(visible_, Committed(GateAt(knobs.visible_after, waits)));
}

void PrimaryCore::ApplyTimeouts() {
  const ReplicationKnobs& knobs = options_.knobs;
  if (!WaitsForReplicas() || knobs.on_timeout == OnTimeout::kBlock) return;
  Lsn waiting = std::max(Gated(), timed_out_) + 1;
  const auto overdue = [&] {
    return waiting <= last_ && pending_[waiting - pending_first_].since + knobs.timeout <= now_;
  };
  if (!overdue()) return;
  // Where the set has it, it is our own log that is late: to do without the set would not help.
  if (knobs.on_timeout != OnTimeout::kUnknown && protection_.holds() && SetReached() < waiting) {
    protection_.FallBehind();
    EmitTrace(TraceKind::kDegraded, Gated());
  }
  if (knobs.on_timeout == OnTimeout::kDegrade) {
    LogAllowed();
    AdvanceGates();
    return;
  }
  refusing_ = knobs.on_timeout == OnTimeout::kReject && !protection_.holds();
  for (; overdue(); ++waiting) {
    Pending& pending = pending_[waiting - pending_first_];
    if (waiting > commit_ && pending.id != RequestId(0)) {
      Emit(AnswerWrite{
          std::exchange(pending.id, RequestId(0)),
          Mutated(Mutant::kRejectAtTimeout) ? WriteOutcome::kRejected : WriteOutcome::kUnknown,
          Refused::kGateTimeout,
          {epoch_, waiting},
          true});
    }
    timed_out_ = waiting;
  }
}

// --- answers and visibility ---

void PrimaryCore::Answer() {
  // Answered when past the ack gate; forgotten when past both.
  for (Lsn lsn = std::max(answered_ + 1, pending_first_); lsn <= commit_; ++lsn) {
    Pending& pending = pending_[lsn - pending_first_];
    gate_waits_.Add(now_ - pending.since);
    if (pending.id == RequestId(0)) continue;
    Emit(AnswerWrite{std::exchange(pending.id, RequestId(0)),
                     WriteOutcome::kCommitted,
                     Refused::kNone,
                     {epoch_, lsn},
                     IsProtected(lsn)});
  }
  answered_ = std::max(answered_, commit_);
  AnswerWaiters();
  while (!pending_.empty() && pending_first_ <= Gated()) {
    pending_bytes_ -= pending_.front().bytes;
    pending_.pop_front();
    ++pending_first_;
  }
}

void PrimaryCore::ApplyVisible() {
  const Lsn target = std::min(visible_, append_);
  while (apply_asked_ < target) {
    const Lsn first = apply_asked_ + 1;
    BatchPtr batch = recent_.From(first, target);
    // What memory does not hold is read from the log, where it must have been written.
    const Lsn through = batch != nullptr ? batch->last : std::min(target, write_);
    if (through < first) break;
    apply_asked_ = through;
    Emit(ApplyRecords{std::move(batch), first, through});
  }
}

// --- replicas ---

void PrimaryCore::SendAll() {
  for (auto& [id, progress] : replicas_) SendTo(id, progress);
  recent_.Trim(std::min({write_, apply_asked_, Sendable()}));
}

// Up to where replicas may be sent the log. With replicas-first that is all that was assigned.
Lsn PrimaryCore::Sendable() const {
  if (options_.knobs.order == Order::kReplicasFirst) return last_;
  switch (options_.knobs.send_after) {
    case Stage::kAppend:
      return append_;
    case Stage::kFlush:
      return Mutated(Mutant::kSendBeforeFlush) ? append_ : flush_;
    default:
      return write_;
  }
}

void PrimaryCore::SendTo(const NodeId& id, ReplicaProgress& progress) {
  const Lsn sendable = Sendable();
  while (progress.WindowOpen(options_.window) && progress.streaming()->next <= sendable) {
    ReplicaProgress::Streaming& s = *progress.streaming();
    BatchPtr batch = recent_.From(s.next, sendable);
    if (batch == nullptr) {
      s.reading = true;
      const uint64_t bytes = std::min(options_.read_bytes_max, progress.flight_limit().bytes());
      Emit(ReadRecords{s.stream, s.next, bytes});
      break;
    }
    Emit(Send{s.stream, Append{epoch_, commit_, now_, batch}});
    s.commit_sent = commit_;
    progress.Sent(*batch, now_);
    EmitTrace(TraceKind::kSend, batch->last, id);
  }
  ReplicaProgress::Streaming* s = progress.streaming();
  if (s == nullptr) return;
  const bool commit_news =
      options_.knobs.replica_apply == ReplicaApply::kOnCommit && s->commit_sent < commit_;
  if (commit_news || s->last_sent + options_.heartbeat_interval <= now_) {
    const Lsn commit = Mutated(Mutant::kHeartbeatCommitsAll) ? append_ : commit_;
    Emit(Send{s->stream, Append{epoch_, commit, now_, nullptr}});
    s->commit_sent = commit_;
    s->last_sent = now_;
  }
}

void PrimaryCore::DropSilent() {
  for (auto& [id, progress] : replicas_) {
    const auto* s = progress.streaming();
    if (s != nullptr && s->last_heard + options_.heartbeat_timeout <= now_) {
      Disconnect(id, /*close=*/true);
    }
  }
}

void PrimaryCore::AnnounceIfDue() {
  if (next_announce_ > now_) return;
  for (const auto& [id, progress] : replicas_) {
    if (progress.streaming() == nullptr) Emit(Announce{id, epoch_});
  }
  next_announce_ = now_ + options_.announce_interval;
}

}  // namespace replsim
