#include "replica/core/replica_core.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/base/mutant.h"

namespace replsim {

ReplicaCore::ReplicaCore(ReplicaOptions options, const CoreStart& start, Instant now)
    : options_(std::move(options)),
      id_(start.id),
      epoch_(start.epoch),
      voted_for_(start.voted_for),
      history_(start.history),
      now_(now),
      first_(start.first),
      link_({options_.heartbeat_timeout, options_.redial_interval}, options_.primary,
            start.next_stream, now),
      log_(options_.durability, options_.recent_bytes_max, start.last, start.flushed),
      log_bytes_(start.log_bytes),
      applier_(start.applied, options_.apply_delay),
      acks_(options_.report_interval),
      election_(options_.election, now),
      unclean_(start.unclean),
      checked_{start.epoch, start.voted_for, start.flushed, start.applied, 0} {}

void ReplicaCore::Step(Instant now, Event event) {
  now_ = now;
  std::visit([this](auto& e) { On(e); }, event);
}

Effects ReplicaCore::TakeEffects() {
  if (!failed()) {
    TakePartInElection();
    link_.DialIfDue(now_, &effects_);
    ApplyAllowed();
    log_.FlushIfDue(now_, &effects_);
    Report();
  }
  return std::exchange(effects_, {});
}

Instant ReplicaCore::NextTimer() const {
  if (failed()) return kNever;
  Instant next =
      std::min({applier_.NextTimer(), log_.NextTimer(), link_.NextTimer(), election_.NextTimer()});
  if (link_.streaming()) next = std::min(next, acks_.NextTimer(Positions()));
  if (const auto* p = std::get_if<Promoting>(&state_); p != nullptr && p->ready_at > now_) {
    next = std::min(next, p->ready_at);
  }
  return next;
}

// --- clients ---

void ReplicaCore::On(WriteRequest& write) {
  Emit(AnswerWrite{write.id, WriteOutcome::kRejected, Refused::kNotPrimary, Position{}, true});
}

void ReplicaCore::On(ReadRequest& read) {
  if (read.consistency != ReadConsistency::kAny && failed()) {
    Emit(AnswerRead{read.id, std::move(read.key), Refused::kNodeStopped});
    return;
  }
  if (read.consistency == ReadConsistency::kPrimary) {
    Emit(AnswerRead{read.id, std::move(read.key), Refused::kNotPrimary});
    return;
  }
  if (read.consistency != ReadConsistency::kAtPosition) read.at_least = Position{};
  const Lsn applied = Mutated(Mutant::kReadBeforeApplied) ? log_.last() : applier_.applied();
  reads_.Add(std::move(read), applied, history_, &effects_);
}

// A replica cannot judge a ticket, because its own log may still be truncated.
void ReplicaCore::On(TicketRequest& asked) {
  Emit(AnswerWrite{asked.id, WriteOutcome::kUnknown, Refused::kNotPrimary, asked.ticket, true});
}

// --- own storage ---

// During a truncation, LogWritten and LogFlushed may refer to truncated records, so they are
// ignored. LogTruncated then sets the end of the log, which is flushed.
void ReplicaCore::On(const LogWritten& written) {
  if (link_.truncating()) return;
  log_.HandleWritten(written.last);
  EmitTrace(TraceKind::kWrite, log_.write());
}

void ReplicaCore::On(const LogFlushed& flushed) {
  log_.EndFlush();
  if (link_.truncating()) return;
  log_.HandleFlushed(flushed.last);
  EmitTrace(TraceKind::kFlush, log_.flush());
}

void ReplicaCore::On(const LogFailed& failed) {
  if (const StreamId open = link_.stream(); open != StreamId(0)) Emit(CloseStream{open});
  state_ = Failed{failed.why};
  link_.TurnOff();
  reads_.RefuseAll(Refused::kNodeStopped, &effects_);
}

Lsn ReplicaCore::ApplyTarget() const {
  // With take_over: at-once, all records of the log will count as committed, so flushed ones apply.
  const bool takes_all = options_.failover.take_over == TakeOver::kAtOnce;
  if (std::holds_alternative<Promoting>(state_) && takes_all) return log_.flush();
  switch (options_.apply_when) {
    case ReplicaApply::kOnReceive:
      return log_.last();
    case ReplicaApply::kOnFlush:
      return log_.flush();
    case ReplicaApply::kOnCommit:
      return Mutated(Mutant::kApplyBeforeCommit) ? log_.last() : std::min(commit_, log_.last());
  }
  return Lsn(0);
}

void ReplicaCore::ApplyAllowed() {
  if (!link_.truncating()) applier_.Advance(ApplyTarget(), log_, now_, &effects_);
}

void ReplicaCore::On(const Applied& applied) {
  applier_.HandleApplied(applied.last);
  EmitTrace(TraceKind::kApply, applier_.applied());
  reads_.Advance(applier_.applied(), history_, &effects_);
}

Ack ReplicaCore::Positions() const {
  const Lsn flushed = Mutated(Mutant::kAckUnflushed) ? log_.write() : log_.flush();
  const Lsn applied = Mutated(Mutant::kAckUnapplied) ? log_.last() : applier_.applied();
  return {epoch_, log_.last(), log_.write(), flushed, applied, Instant()};
}

void ReplicaCore::Report() {
  if (!link_.streaming()) return;
  Ack ack = Positions();
  if (!acks_.Due(ack, now_)) return;
  ack.heard = heard_;
  Emit(Send{link_.stream(), ack});
}

// --- description, metrics and invariants ---

CoreDescription ReplicaCore::Describe() const {
  CoreDescription d;
  if (const auto* failed = std::get_if<Failed>(&state_)) d.failure = failed->why;
  d.disk_full = disk_full_;
  d.unclean = unclean_;
  d.epoch = epoch_;
  d.append = {history_.EpochAt(log_.last()), log_.last()};
  d.write = log_.write();
  d.flush = log_.flush();
  d.apply = applier_.applied();
  d.commit = commit_;
  if (link_.streaming()) d.following = link_.primary();
  d.truncated_entries = truncated_entries_;
  return d;
}

CoreMetrics ReplicaCore::Metrics() const {
  CoreMetrics metrics;
  metrics.primary_last_heard = link_.last_heard();
  return metrics;
}

void ReplicaCore::CheckInvariants() {
  log_.Check();
  applier_.Check(log_.last());
  REPL_CHECK(checked_.epoch <= epoch_, "the epoch went back");
  if (checked_.epoch == epoch_ && !checked_.voted_for.empty()) {
    REPL_CHECK(checked_.voted_for == voted_for_, "a second vote in epoch ", epoch_.value());
  }
  if (checked_.truncations == truncations_) {
    REPL_CHECK(checked_.flush <= log_.flush() && checked_.applied <= applier_.applied(),
               "a position went back");
  }
  checked_ = {epoch_, voted_for_, log_.flush(), applier_.applied(), truncations_};
}

}  // namespace replsim
