#include "primary/core/primary_core.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/mutant.h"
#include "common/storage/store/command.h"

namespace replsim {
namespace {

// Up to where what a new primary inherits counts as committed when it begins.
Lsn Inherited(const PrimaryOptions& options, const CoreStart& start) {
  return options.take_over == TakeOver::kOwnRecord ? std::min(start.committed, start.last)
                                                   : start.last;
}

}  // namespace

PrimaryCore::PrimaryCore(PrimaryOptions options, const CoreStart& start, Epoch epoch, Instant now)
    : options_(std::move(options)),
      id_(start.id),
      epoch_(epoch),
      history_(start.history),
      now_(now),
      first_(start.first),
      last_(start.last),
      append_(start.last),
      write_(start.last),
      flush_(start.flushed),
      apply_asked_(start.applied),
      applied_(start.applied),
      commit_(Inherited(options_, start)),
      visible_(commit_),
      protected_(commit_),
      taken_over_(start.last),
      answered_(start.last),
      timed_out_(start.last),
      recent_(options_.recent_bytes_max),
      pending_first_(start.last + 1),
      requests_(start.requests),
      next_announce_(options_.announce ? now : now + 2 * options_.announce_interval),
      flushes_(options_.durability, start.flushed),
      protection_(options_.knobs.timeout),
      write_times_(start.last, now),
      checked_{start.flushed, commit_, visible_, start.applied} {
  REPL_CHECK(epoch > start.epoch, "epoch ", epoch.value(), " was seen before");
  for (const NodeId& id : options_.replicas) {
    replicas_.emplace(id, ReplicaProgress(options_.heartbeat_timeout));
  }
  for (const NodeId& id : options_.members) replicas_.at(id).Count();
  history_.TruncateTo(last_);  // a replica knows of epochs whose records it never got
  history_.Begin(epoch_, last_ + 1);
  if (Mutated(Mutant::kDoneWhenTakenOver)) done_ = done_protected_ = last_;
  if (!Mutated(Mutant::kLeadWithoutSaving)) Emit(SaveEpoch{epoch_, history_});
  EmitTrace(TraceKind::kLeads, last_);
  if (options_.take_over == TakeOver::kOwnRecord && last_ > Lsn(0)) BeginWithOwnRecord();
}

void PrimaryCore::Step(Instant now, Event event) {
  now_ = now;
  std::visit([this](auto& e) { On(e); }, event);
}

Effects PrimaryCore::TakeEffects() {
  if (leading()) {
    DropSilent();  // first: a potential member of the sync set may step up
    AdvanceWrites();
    ApplyVisible();
    SendAll();
    FlushIfDue();
    AnnounceIfDue();
  }
  return std::exchange(effects_, {});
}

Instant PrimaryCore::NextTimer() const {
  if (!leading()) return kNever;
  Instant next = flushes_.next();
  for (const auto& [id, progress] : replicas_) {
    if (const auto* s = progress.streaming()) {
      next = std::min({next, s->last_sent + options_.heartbeat_interval,
                       s->last_heard + options_.heartbeat_timeout});
    } else {
      next = std::min(next, next_announce_);
    }
  }
  if (WaitsForReplicas() && options_.knobs.on_timeout != OnTimeout::kBlock && !degraded()) {
    const Lsn waiting = std::max(Gated(), timed_out_) + 1;
    // With degrade, only what the set lacks can time out.
    if (waiting <= last_ &&
        (options_.knobs.on_timeout != OnTimeout::kDegrade || SetReached() < waiting)) {
      next = std::min(next, pending_[waiting - pending_first_].since + options_.knobs.timeout);
    }
  }
  return next;
}

// --- clients ---

void PrimaryCore::On(WriteRequest& write) {
  const auto refuse = [&](Refused why) {
    Emit(AnswerWrite{write.id, WriteOutcome::kRejected, why, Position{}, true});
  };
  if (write.known_epoch > epoch_) FenceBy(write.known_epoch);
  if (std::holds_alternative<Fenced>(state_)) return refuse(Refused::kFenced);
  if (!leading()) return refuse(Refused::kNodeStopped);
  Accept(write);
}

// Also of one that has waited for its key.
void PrimaryCore::Accept(WriteRequest& write) {
  const auto refuse = [&](Refused why) {
    Emit(AnswerWrite{write.id, WriteOutcome::kRejected, why, Position{}, true});
  };
  const RequestTable::Last* held = requests_.Find(write.client);
  if (held != nullptr && write.sequence <= held->sequence &&
      !Mutated(Mutant::kApplyTwiceAfterRetry)) {
    return AnswerAgain(write, *held);
  }
  if (refusing_ && Mutated(Mutant::kRejectAndLog)) {
    refuse(Refused::kSyncSetMissing);
    write.id = RequestId(0);
    return Admit(write);
  }
  if (refusing_) return refuse(Refused::kSyncSetMissing);
  if (disk_full_) return refuse(Refused::kDiskFull);
  if (pending_.size() + locks_.waiting() >= options_.pending_records_max ||
      pending_bytes_ + locks_.waiting_bytes() >= options_.pending_bytes_max) {
    return refuse(Refused::kOverloaded);
  }
  if (!options_.knobs.serialize_keys) return Admit(write);
  const std::optional<Command> command = DecodeCommand(write.command);
  if (!command) return Admit(write);
  const std::string key(command->key);
  if (locks_.IsHeld(key)) return locks_.Wait(key, std::move(write));
  Admit(write);
  locks_.Hold(key, last_);
}

void PrimaryCore::Admit(WriteRequest& write) {
  const uint64_t bytes = LogRecord(write.command);
  requests_.Add(write.client, write.sequence, {epoch_, last_});
  if (write.ticket) {
    Emit(AnswerWrite{write.id, WriteOutcome::kPending, Refused::kNone, {epoch_, last_}, true});
  }
  pending_.push_back({write.ticket ? RequestId(0) : write.id, now_, bytes});
  if (options_.durability.sync == Sync::kEveryWrite) SealBatch();
}

// The next record of the log; how many bytes it takes there.
uint64_t PrimaryCore::LogRecord(absl::string_view command) {
  if (building_.empty()) building_first_ = last_ + 1;
  ++last_;
  const size_t before = building_.size();
  AppendRecord({epoch_, last_}, wall_clock_.At(now_), command, &building_);
  const uint64_t bytes = building_.size() - before;
  pending_bytes_ += bytes;
  if (write_times_.Add(now_, bytes)) TrimWriteTimes();
  return bytes;
}

// Raft, section 5.4.2: that a majority holds a record of an older epoch does not keep it, for a log
// that ends with a newer epoch elsewhere outranks it. A record of this epoch outranks those.
void PrimaryCore::BeginWithOwnRecord() {
  std::string command;
  EncodeCommand({0, 0, CommandKind::kEpochBegin, "", ""}, &command);
  const uint64_t bytes = LogRecord(command);
  pending_.push_back({RequestId(0), now_, bytes});
  if (!Mutated(Mutant::kSkipOwnRecord)) own_record_ = last_;
}

void PrimaryCore::On(ReadRequest& read) {
  const bool fenced = std::holds_alternative<Fenced>(state_);
  const bool answers = leading() || (fenced && Mutated(Mutant::kFencedAnswersReads));
  if (read.consistency != ReadConsistency::kAny && !answers) {
    Emit(AnswerRead{read.id, std::move(read.key),
                    fenced ? Refused::kFenced : Refused::kNodeStopped});
    return;
  }
  if (read.consistency != ReadConsistency::kAtPosition) read.at_least = Position{};
  // What was inherited may yet be lost: nothing of it is shown before the own record is applied.
  reads_.Add(std::move(read), applied_, history_, &effects_, /*not_before=*/own_record_);
}

// --- peers ---

void PrimaryCore::On(const StreamClosed& closed) {
  const auto it = streams_.find(closed.stream);
  if (it != streams_.end()) Disconnect(NodeId(it->second), /*close=*/false);
}

void PrimaryCore::On(MessageReceived& received) {
  if (const auto* hello = std::get_if<Hello>(&received.message)) {
    Greet(received.stream, *hello);
  } else if (const auto* ack = std::get_if<Ack>(&received.message)) {
    HandleAck(received.stream, *ack);
  } else if (const auto* refusal = std::get_if<Refusal>(&received.message)) {
    if (refusal->epoch > epoch_ && !Mutated(Mutant::kIgnoreRefusal)) FenceBy(refusal->epoch);
  }
}

void PrimaryCore::Greet(StreamId stream, const Hello& hello) {
  if (hello.epoch > epoch_) FenceBy(hello.epoch);
  const auto it = replicas_.find(hello.id);
  if (!leading() || it == replicas_.end()) {
    Emit(CloseStream{stream});
    return;
  }
  if (it->second.streaming() != nullptr) Disconnect(hello.id, /*close=*/true);
  const Lsn resume_after = CommonEnd(history_, last_, hello.history, hello.last);
  if (resume_after + 1 < first_) {
    Emit(Send{stream, Refusal{epoch_, first_}});
    Emit(CloseStream{stream});
    return;
  }
  it->second.Connect(stream, resume_after, /*cuts=*/resume_after < hello.last, now_);
  it->second.streaming()->commit_sent = commit_;
  if (Mutated(Mutant::kSkipOnReconnect) && resume_after > Lsn(0)) ++it->second.streaming()->next;
  streams_[stream] = hello.id;
  if (!Mutated(Mutant::kCountNoNewReplicas)) it->second.Count();
  EmitTrace(TraceKind::kConnected, resume_after, hello.id);
  std::set<Stage> prompt;
  for (const Stage stage : {options_.knobs.ack_after, options_.knobs.visible_after}) {
    if (IsReplicaStage(stage)) prompt.insert(stage);
  }
  Emit(Send{stream, Welcome{epoch_, history_, resume_after, commit_, std::move(prompt)}});
}

void PrimaryCore::HandleAck(StreamId stream, const Ack& ack) {
  if (ack.epoch > epoch_) return FenceBy(ack.epoch);
  const auto it = streams_.find(stream);
  if (ack.epoch < epoch_ || it == streams_.end()) return;
  const NodeId id = it->second;
  ReplicaProgress& progress = replicas_.at(id);
  const Ack before = progress.reported();
  if (!progress.Acked(ack, now_)) return Disconnect(id, /*close=*/true);
  TraceAck(id, before, ack);
}

void PrimaryCore::TrimWriteTimes() {
  Lsn slowest = last_;
  for (const auto& [id, progress] : replicas_) {
    const Ack& reported = progress.reported();
    slowest = std::min({slowest, reported.flush, reported.apply});
  }
  write_times_.Trim(slowest);
}

void PrimaryCore::TraceAck(const NodeId& peer, const Ack& before, const Ack& after) {
  if (after.receive > before.receive) EmitTrace(TraceKind::kPeerReceive, after.receive, peer);
  if (after.write > before.write) EmitTrace(TraceKind::kPeerWrite, after.write, peer);
  if (after.flush > before.flush) EmitTrace(TraceKind::kPeerFlush, after.flush, peer);
  if (after.apply > before.apply) EmitTrace(TraceKind::kPeerApply, after.apply, peer);
}

void PrimaryCore::Disconnect(const NodeId& id, bool close) {
  ReplicaProgress& progress = replicas_.at(id);
  const StreamId stream = progress.streaming()->stream;
  // The first to go has the time to dial again by itself; no other is kept waiting for it.
  const auto follows = [](const auto& replica) { return replica.second.streaming() != nullptr; };
  if (std::all_of(replicas_.begin(), replicas_.end(), follows)) {
    next_announce_ = now_ + options_.announce_interval;
  }
  progress.Disconnect();
  streams_.erase(stream);
  EmitTrace(TraceKind::kDisconnected, Lsn(0), id);
  if (close) Emit(CloseStream{stream});
}

void PrimaryCore::On(const AnnounceAnswered& answered) {
  // One that knows our epoch is told again until it follows: it may have died since.
  if (answered.epoch > epoch_) FenceBy(answered.epoch);
}

void PrimaryCore::On(const AnnounceReceived& received) {
  if (received.epoch > epoch_) FenceBy(received.epoch);
}

void PrimaryCore::On(const FollowRequest& follow) {
  if (follow.epoch > epoch_) FenceBy(follow.epoch);
}

void PrimaryCore::FenceBy(Epoch epoch) {
  if (!leading() || Mutated(Mutant::kAcceptStaleEpoch)) return;
  state_ = Fenced{epoch};
  if (!Mutated(Mutant::kFenceWithoutSaving)) Emit(SaveEpoch{epoch, history_});
  // Not last_: what this turn has not given to the log goes no further.
  Emit(Trace{TraceKind::kFenced, NodeId(), epoch, append_});
  StopLeading(Refused::kFenced);
}

// Nobody who waits may be told "committed" any more, and nobody "rejected": the writes are in the
// log.
void PrimaryCore::StopLeading(Refused why) {
  building_.clear();
  for (const WriteRequest& write : locks_.Drop()) {  // never logged: they did not happen
    Emit(AnswerWrite{write.id, WriteOutcome::kRejected, why, Position{}, true});
  }
  for (Pending& pending : pending_) {
    if (pending.id != RequestId(0)) {
      const bool rejects = Mutated(Mutant::kFenceRejectsLogged);
      const WriteOutcome outcome = rejects ? WriteOutcome::kRejected : WriteOutcome::kUnknown;
      Emit(AnswerWrite{pending.id, outcome, why, Position{}, true});
    }
    pending.id = RequestId(0);
  }
  DropWaiters(why);
  for (const auto& [stream, id] : streams_) Emit(CloseStream{stream});
  for (auto& [id, progress] : replicas_) progress.Disconnect();
  streams_.clear();
  reads_.RefuseAll(why, &effects_);
}

// --- own storage ---

void PrimaryCore::On(const LogWritten& written) {
  REPL_CHECK(written.last <= append_, "wrote ", written.last.value(), " of ", append_.value());
  write_ = std::max(write_, written.last);
  EmitTrace(TraceKind::kWrite, write_);
}

void PrimaryCore::On(const LogFlushed& flushed) {
  REPL_CHECK(flushed.last <= write_, "flushed ", flushed.last.value(), " of ", write_.value());
  flush_ = std::max(flush_, flushed.last);
  if (Mutated(Mutant::kFlushCoversLaterWrites)) flush_ = write_;
  if (!Mutated(Mutant::kIntervalFlushesOnce)) flushes_.Flushed();
  EmitTrace(TraceKind::kFlush, flush_);
}

void PrimaryCore::On(const LogFailed& failed) {
  if (std::holds_alternative<Failed>(state_)) return;
  state_ = Failed{failed.why};
  StopLeading(Refused::kNodeStopped);
}

void PrimaryCore::On(const Applied& applied) {
  applied_ = std::max(applied_, applied.last);
  EmitTrace(TraceKind::kApply, applied_);
  reads_.Advance(applied_, history_, &effects_);
}

void PrimaryCore::On(const RecordsRead& read) {
  const auto it = streams_.find(read.stream);
  if (it == streams_.end()) return;
  ReplicaProgress& progress = replicas_.at(it->second);
  ReplicaProgress::Streaming& s = *progress.streaming();
  s.reading = false;
  // The log may hold more than may be sent yet.
  const Lsn sendable = Sendable();
  if (read.batch == nullptr || read.batch->first != s.next || s.next > sendable) return;
  const BatchPtr batch = Slice(read.batch, s.next, std::min(read.batch->last, sendable));
  Emit(Send{read.stream, Append{epoch_, commit_, now_, batch}});
  progress.Sent(*batch, now_);
  s.commit_sent = commit_;
  EmitTrace(TraceKind::kSend, batch->last, it->second);
}

CoreDescription PrimaryCore::Describe() const {
  CoreDescription d;
  d.is_primary = true;
  d.fenced = std::holds_alternative<Fenced>(state_);
  if (const auto* failed = std::get_if<Failed>(&state_)) d.failure = failed->why;
  d.unprotected = !protection_.holds();
  d.disk_full = disk_full_;
  d.epoch = d.fenced ? std::get<Fenced>(state_).by : epoch_;
  d.append = {history_.EpochAt(append_), append_};
  d.write = write_;
  d.flush = flush_;
  d.apply = applied_;
  d.commit = commit_;
  for (const auto& [id, progress] : replicas_) {
    const Ack& r = progress.reported();
    d.peers.push_back({id, progress.streaming() != nullptr, r.receive, r.write, r.flush, r.apply});
  }
  return d;
}

CoreMetrics PrimaryCore::Metrics() const {
  CoreMetrics metrics;
  if (!leading()) return metrics;
  CoreMetrics::Leading& leads = metrics.leading.emplace();
  leads.visible = visible_;
  leads.gate_waits = gate_waits_;
  leads.gate_waiting = last_ - commit_;
  const Lsn waiting = std::max(commit_ + 1, pending_first_);  // inherited ones have no times
  if (waiting <= last_) leads.gate_waiting_since = pending_[waiting - pending_first_].since;
  for (const auto& [id, progress] : replicas_) {
    CoreMetrics::Replica& replica = leads.replicas.emplace_back();
    replica.id = id;
    if (const auto* s = progress.streaming()) {
      replica.streaming = true;
      replica.last_heard = s->last_heard;
    }
    if (progress.reported().epoch == Epoch(0)) continue;
    for (const Stage stage : kReplicaStages) {
      replica.lags.push_back(write_times_.LagAt(progress.At(stage)));
    }
  }
  return metrics;
}

absl::Status PrimaryCore::BeginPromotion(Instant, Epoch) {
  return absl::FailedPreconditionError(absl::StrCat(
      id_.name(), leading() ? " is already the primary"
                            : " was fenced: kill it and restart it as a replica first"));
}

CoreStart PrimaryCore::HandOver(Effects*) {
  REPL_CHECK(false, id_.name(), " hands over to itself");
  return {};
}

void PrimaryCore::EmitTrace(TraceKind kind, Lsn lsn, NodeId peer) {
  Emit(Trace{kind, std::move(peer), epoch_, lsn});
}

void PrimaryCore::CheckInvariants() {
  REPL_CHECK(flush_ <= write_ && write_ <= append_ && append_ <= last_, "flush ", flush_.value(),
             " write ", write_.value(), " append ", append_.value(), " last ", last_.value());
  REPL_CHECK(applied_ <= apply_asked_ && apply_asked_ <= append_, "applied ", applied_.value());
  REPL_CHECK(commit_ <= last_ && visible_ <= last_);
  REPL_CHECK(protected_ <= commit_, "protected ", protected_.value(), " commit ", commit_.value());
  REPL_CHECK(checked_.flush <= flush_ && checked_.commit <= commit_, "a position went back");
  REPL_CHECK(checked_.visible <= visible_ && checked_.applied <= applied_, "a position went back");
  REPL_CHECK(pending_first_ + pending_.size() == last_ + 1, "pending does not end at last");
  REPL_CHECK(pending_.size() <= options_.pending_records_max);
  REPL_CHECK(waiters_.size() <= kWaitersMax);
  REPL_CHECK(locks_.waiting() <= options_.pending_records_max);
  checked_ = {flush_, commit_, visible_, applied_};
}

}  // namespace replsim
