#include "replica/core/replica_core.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/mutant.h"

namespace replsim {
namespace {

// What kApplyOutOfOrder does.
void SwapLastApplies(Effects* effects) {
  const size_t count = effects->size();
  if (count < 2 || !std::holds_alternative<ApplyRecords>((*effects)[count - 2])) return;
  std::swap((*effects)[count - 2], (*effects)[count - 1]);
}

}  // namespace

ReplicaCore::ReplicaCore(ReplicaOptions options, const CoreStart& start, Instant now)
    : options_(std::move(options)),
      id_(start.id),
      primary_(options_.primary),
      epoch_(start.epoch),
      history_(start.history),
      state_(Disconnected{now}),
      now_(now),
      first_(start.first),
      last_(start.last),
      write_(start.last),
      flush_(start.flushed),
      apply_asked_(start.applied),
      applied_(start.applied),
      apply_delay_(options_.apply_delay),
      flushes_(options_.durability, start.flushed),
      recent_(options_.recent_bytes_max),
      checked_{start.epoch, start.flushed, start.applied, 0} {}

void ReplicaCore::Step(Instant now, Event event) {
  now_ = now;
  std::visit([this](auto& e) { On(e); }, event);
}

Effects ReplicaCore::TakeEffects() {
  if (!std::holds_alternative<Failed>(state_)) {
    DialIfDue();
    ApplyAllowed();
    FlushIfDue();
    Report();
  }
  return std::exchange(effects_, {});
}

Instant ReplicaCore::NextTimer() const {
  Instant next = std::min(next_apply_, flushes_.next());
  if (const auto* d = std::get_if<Disconnected>(&state_); d != nullptr && !primary_.empty()) {
    next = std::min(next, d->retry_at);
  }
  if (const auto* d = std::get_if<Dialing>(&state_)) {
    next = std::min(next, d->since + options_.heartbeat_timeout);
  }
  if (const auto* s = std::get_if<Streaming>(&state_)) {
    next = std::min(next, *last_heard_ + options_.heartbeat_timeout);
    if (s->reported != Positions())
      next = std::min(next, s->reported_at + options_.report_interval);
  }
  if (const auto* p = std::get_if<Promoting>(&state_); p != nullptr && p->ready_at > now_) {
    next = std::min(next, p->ready_at);
  }
  return std::holds_alternative<Failed>(state_) ? kNever : next;
}

// --- clients ---

void ReplicaCore::On(WriteRequest& write) {
  Emit(AnswerWrite{write.id, WriteOutcome::kRejected, Refused::kNotPrimary, Position{}, true});
}

void ReplicaCore::On(ReadRequest& read) {
  if (read.consistency != ReadConsistency::kAny && std::holds_alternative<Failed>(state_)) {
    Emit(AnswerRead{read.id, std::move(read.key), Refused::kNodeStopped});
    return;
  }
  if (read.consistency == ReadConsistency::kPrimary) {
    Emit(AnswerRead{read.id, std::move(read.key), Refused::kNotPrimary});
    return;
  }
  if (read.consistency != ReadConsistency::kAtPosition) read.at_least = Position{};
  const Lsn applied = Mutated(Mutant::kReadBeforeApplied) ? last_ : applied_;
  reads_.Add(std::move(read), applied, history_, &effects_);
}

// Its own log says nothing of what became of a write: it may be cut yet.
void ReplicaCore::On(TicketRequest& asked) {
  Emit(AnswerWrite{asked.id, WriteOutcome::kUnknown, Refused::kNotPrimary, asked.ticket, true});
}

// --- the stream ---

StreamId ReplicaCore::stream() const {
  if (const auto* d = std::get_if<Dialing>(&state_)) return d->stream;
  if (const auto* t = std::get_if<Truncating>(&state_)) return t->stream;
  if (const auto* s = std::get_if<Streaming>(&state_)) return s->stream;
  return StreamId(0);
}

void ReplicaCore::DialIfDue() {
  if (const auto* d = std::get_if<Dialing>(&state_);
      d != nullptr && d->since + options_.heartbeat_timeout <= now_) {
    HangUp();
  }
  if (std::holds_alternative<Streaming>(state_) &&
      *last_heard_ + options_.heartbeat_timeout <= now_) {
    HangUp();
  }
  const auto* d = std::get_if<Disconnected>(&state_);
  if (d == nullptr || d->retry_at > now_ || primary_.empty()) return;
  const StreamId stream = next_stream_;
  ++next_stream_;
  state_ = Dialing{stream, now_};
  Emit(Dial{stream, primary_});
}

void ReplicaCore::HangUp() {
  if (const StreamId open = stream(); open != StreamId(0)) Emit(CloseStream{open});
  Disconnect(now_ + options_.redial_interval);
}

bool ReplicaCore::IsStale(Epoch epoch) const {
  return epoch < epoch_ && !Mutated(Mutant::kAcceptStaleEpoch);
}

// A cut that has begun is finished first; the log is not ours to append to until it is.
void ReplicaCore::Disconnect(Instant retry_at) {
  if (auto* t = std::get_if<Truncating>(&state_)) {
    t->stream = StreamId(0);
  } else if (!std::holds_alternative<Failed>(state_)) {
    state_ = Disconnected{retry_at};
  }
}

void ReplicaCore::On(const StreamOpened& opened) {
  if (opened.stream != stream()) return Emit(CloseStream{opened.stream});  // dialled: not a primary
  Emit(Send{opened.stream, Hello{id_, epoch_, history_, last_}});
}

void ReplicaCore::On(const StreamClosed& closed) {
  if (closed.stream == stream()) Disconnect(now_ + options_.redial_interval);
}

void ReplicaCore::On(MessageReceived& received) {
  if (received.stream != stream() || received.stream == StreamId(0)) return;
  if (auto* welcome = std::get_if<Welcome>(&received.message)) {
    Accept(received.stream, std::move(*welcome));
  } else if (const auto* append = std::get_if<Append>(&received.message)) {
    if (auto* streaming = std::get_if<Streaming>(&state_)) Receive(*streaming, *append);
  } else {
    HangUp();
  }
}

void ReplicaCore::Accept(StreamId stream, Welcome welcome) {
  if (IsStale(welcome.epoch)) {
    Emit(Send{stream, Refusal{epoch_}});
    return HangUp();
  }
  if (welcome.resume_after > last_ || !std::holds_alternative<Dialing>(state_)) return HangUp();
  if (welcome.resume_after == last_) return BeginStreaming(stream, welcome);
  if (welcome.resume_after + 1 < first_) return HangUp();  // only a snapshot can replace this log
  Emit(TruncateLog{welcome.resume_after});
  next_apply_ = kNever;  // nothing is applied until it is done
  state_ = Truncating{stream, std::move(welcome)};
}

void ReplicaCore::On(const LogTruncated& truncated) {
  last_ = truncated.last;
  write_ = flush_ = last_;  // cutting is durable
  history_.TruncateTo(last_);
  apply_asked_ = std::min(apply_asked_, last_);
  applied_ = std::min(applied_, last_);
  next_apply_ = kNever;
  flushes_.Truncated(last_);
  truncated_entries_ += truncated.records_cut;
  ++cuts_;
  recent_.Clear();
  EmitTrace(TraceKind::kTruncated, last_);
  auto* t = std::get_if<Truncating>(&state_);
  if (t == nullptr) return;
  const Truncating done = std::move(*t);
  if (done.stream == StreamId(0)) {
    state_ = Disconnected{now_};
  } else if (last_ < done.welcome.resume_after) {
    // More was cut than asked for, what had no room on the disk: the stream begins further back.
    Emit(CloseStream{done.stream});
    state_ = Disconnected{now_};
  } else {
    BeginStreaming(done.stream, done.welcome);
  }
}

void ReplicaCore::BeginStreaming(StreamId stream, const Welcome& welcome) {
  epoch_ = welcome.epoch;
  if (!Mutated(Mutant::kForgetHistory)) history_ = welcome.history;
  // What an earlier primary announced beyond the end of this log was of records that are not to
  // come.
  commit_ = std::max(commit_, welcome.commit);
  if (!Mutated(Mutant::kCommitBeyondTruncation)) commit_ = std::min(commit_, last_);
  Emit(SaveEpoch{epoch_, history_});
  reads_.Advance(applied_, history_, &effects_);
  last_heard_ = now_;
  state_ = Streaming{stream, welcome.prompt_stages, Ack{}, now_, /*owes_ack=*/true};
  EmitTrace(TraceKind::kConnected, last_);
}

void ReplicaCore::Receive(Streaming& streaming, const Append& append) {
  if (IsStale(append.epoch)) {
    Emit(Send{streaming.stream, Refusal{epoch_}});
    return HangUp();
  }
  const BatchPtr& batch = append.batch;
  if (append.epoch != epoch_ || (batch != nullptr && batch->first != last_ + 1)) return HangUp();
  last_heard_ = now_;
  commit_ = std::max(commit_, append.commit);
  if (batch == nullptr) {
    streaming.owes_ack = true;
    return;
  }
  last_ = batch->last;
  recent_.Add(batch);
  if (flushes_.mode() == FlushMode::kAlone) {
    for (Lsn lsn = batch->first; lsn <= batch->last; ++lsn) {
      Emit(AppendLog{Slice(batch, lsn, lsn), FlushMode::kAlone});
    }
  } else {
    Emit(AppendLog{batch, flushes_.mode()});
  }
  EmitTrace(TraceKind::kAppend, last_);
}

Ack ReplicaCore::Positions() const {
  const Lsn flushed = Mutated(Mutant::kAckUnflushed) ? write_ : flush_;
  const Lsn applied = Mutated(Mutant::kAckUnapplied) ? last_ : applied_;
  return {epoch_, last_, write_, flushed, applied};
}

void ReplicaCore::Report() {
  auto* s = std::get_if<Streaming>(&state_);
  if (s == nullptr) return;
  const Ack ack = Positions();
  const auto advanced = [&](Stage stage) {
    switch (stage) {
      case Stage::kReplicaReceive:
        return ack.receive > s->reported.receive;
      case Stage::kReplicaWrite:
        return ack.write > s->reported.write;
      case Stage::kReplicaFlush:
        return ack.flush > s->reported.flush;
      case Stage::kReplicaApply:
        return ack.apply > s->reported.apply;
      default:
        return false;
    }
  };
  const bool prompt = std::any_of(s->prompt.begin(), s->prompt.end(), advanced);
  const bool due = ack != s->reported && s->reported_at + options_.report_interval <= now_;
  if (!prompt && !due && !s->owes_ack) return;
  Emit(Send{s->stream, ack});
  s->reported = ack;
  s->reported_at = now_;
  s->owes_ack = false;
}

// --- whom to follow ---

void ReplicaCore::On(const AnnounceReceived& received) { Follow(received.primary, received.epoch); }
void ReplicaCore::On(const FollowRequest& follow) { Follow(follow.primary, follow.epoch); }

void ReplicaCore::Follow(const NodeId& primary, Epoch epoch) {
  if (IsStale(epoch) || (epoch == epoch_ && primary == primary_)) return;
  // Whoever leads less than this node is about to lead is told so when it hears of that epoch.
  if (const auto* p = std::get_if<Promoting>(&state_); p != nullptr && epoch < p->next) return;
  primary_ = primary;
  if (epoch > epoch_) {
    epoch_ = epoch;
    if (!Mutated(Mutant::kFollowWithoutSaving)) Emit(SaveEpoch{epoch_, history_});
    Emit(Trace{TraceKind::kFollows, primary_, epoch_, last_});
  }
  // The old primary learns from our last word that it leads no more.
  if (const StreamId open = stream(); open != StreamId(0)) {
    Emit(Send{open, Refusal{epoch_}});
    Emit(CloseStream{open});
  }
  Disconnect(now_);
}

// --- own storage ---

// While the log is cut, what it still tells may be of records that are no more. LogTruncated says
// where it ends, and that all of it is flushed.
void ReplicaCore::On(const LogWritten& written) {
  if (std::holds_alternative<Truncating>(state_)) return;
  write_ = std::max(write_, std::min(written.last, last_));
  EmitTrace(TraceKind::kWrite, write_);
}

void ReplicaCore::On(const LogFlushed& flushed) {
  flushes_.Flushed();
  if (std::holds_alternative<Truncating>(state_)) return;
  flush_ = std::max(flush_, std::min(flushed.last, write_));
  EmitTrace(TraceKind::kFlush, flush_);
}

void ReplicaCore::On(const LogFailed& failed) {
  if (const StreamId open = stream(); open != StreamId(0)) Emit(CloseStream{open});
  state_ = Failed{failed.why};
  reads_.RefuseAll(Refused::kNodeStopped, &effects_);
}

void ReplicaCore::FlushIfDue() {
  if (flushes_.Due(now_, write_, flush_)) Emit(FlushLog{});
}

Lsn ReplicaCore::ApplyTarget() const {
  // What it is about to take over with the log counts as committed then: all of it, once flushed.
  const bool takes_all = options_.failover.take_over == TakeOver::kAtOnce;
  if (std::holds_alternative<Promoting>(state_) && takes_all) return flush_;
  switch (options_.apply_when) {
    case ReplicaApply::kOnReceive:
      return last_;
    case ReplicaApply::kOnFlush:
      return flush_;
    case ReplicaApply::kOnCommit:
      return Mutated(Mutant::kApplyBeforeCommit) ? last_ : std::min(commit_, last_);
  }
  return Lsn(0);
}

void ReplicaCore::ApplyAllowed() {
  if (std::holds_alternative<Truncating>(state_)) return;
  Lsn target = ApplyTarget();
  if (apply_asked_ >= target) return;
  if (apply_delay_ > Nanos(0)) {
    if (next_apply_ == kNever) next_apply_ = now_ + apply_delay_;
    if (next_apply_ > now_) return;
    const auto due = static_cast<uint64_t>((now_ - next_apply_) / apply_delay_) + 1;
    if (target - apply_asked_ > due) {
      target = apply_asked_ + due;
      next_apply_ += apply_delay_ * static_cast<int64_t>(due);
    } else {
      next_apply_ = kNever;
    }
  }
  while (apply_asked_ < target) {
    const Lsn first = apply_asked_ + 1;
    BatchPtr batch = recent_.From(first, target);
    // What memory no longer holds is read from the log, where it must have been written.
    const Lsn through = batch != nullptr ? batch->last : std::min(target, write_);
    if (through < first) break;
    apply_asked_ = through;
    Emit(ApplyRecords{std::move(batch), first, through});
    if (Mutated(Mutant::kApplyOutOfOrder)) SwapLastApplies(&effects_);
  }
  recent_.Trim(last_);
}

void ReplicaCore::On(const Applied& applied) {
  applied_ = std::max(applied_, std::min(applied.last, apply_asked_));
  EmitTrace(TraceKind::kApply, applied_);
  reads_.Advance(applied_, history_, &effects_);
}

void ReplicaCore::On(const ApplyDelayChanged& changed) {
  apply_delay_ = changed.per_entry;
  next_apply_ = kNever;
}

CoreDescription ReplicaCore::Describe() const {
  CoreDescription d;
  if (const auto* failed = std::get_if<Failed>(&state_)) d.failure = failed->why;
  d.disk_full = disk_full_;
  d.epoch = epoch_;
  d.append = {history_.EpochAt(last_), last_};
  d.write = write_;
  d.flush = flush_;
  d.apply = applied_;
  d.commit = commit_;
  if (std::holds_alternative<Streaming>(state_)) d.following = primary_;
  d.truncated_entries = truncated_entries_;
  return d;
}

CoreMetrics ReplicaCore::Metrics() const {
  CoreMetrics metrics;
  metrics.primary_last_heard = last_heard_;
  return metrics;
}

void ReplicaCore::CheckInvariants() {
  REPL_CHECK(flush_ <= write_ && write_ <= last_, "flush ", flush_.value(), " write ",
             write_.value(), " last ", last_.value());
  REPL_CHECK(applied_ <= apply_asked_ && apply_asked_ <= last_, "applied ", applied_.value());
  REPL_CHECK(checked_.epoch <= epoch_, "the epoch went back");
  if (checked_.cuts == cuts_) {
    REPL_CHECK(checked_.flush <= flush_ && checked_.applied <= applied_, "a position went back");
  }
  checked_ = {epoch_, flush_, applied_, cuts_};
}

}  // namespace replsim
