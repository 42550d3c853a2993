// The consequences of new positions: batches to the log, gates, answers, visibility, flushes.
#include <algorithm>
#include <utility>

#include "common/base/check.h"
#include "common/base/mutant.h"
#include "primary/core/primary_core.h"

namespace replsim {

// Before the gates advance: a replica that joins has what was committed until now, and the gates
// wait for it from now on.
void PrimaryCore::UpdateInSyncSet() {
  if (!in_sync_) return;
  std::vector<InSyncSet::Replica> replicas;
  replicas.reserve(feed_.followers().size());
  for (const auto& [id, progress] : feed_.followers()) {
    replicas.push_back({id, progress.streaming() != nullptr, gates_.FollowerReached(progress)});
  }
  const Lsn committed = std::max(gates_.commit(), gates_.taken_over());
  const uint64_t before = in_sync_->published().version;
  in_sync_->Update(replicas, committed, log_.last, now_);
  if (in_sync_->published().version > before) witnesses_.HurryTo(now_);
  for (const InSyncSet::Replica& replica : replicas) {
    feed_.SetInSync(replica.id, in_sync_->IsStoredMember(replica.id));
  }
}

void PrimaryCore::AnnounceToWitnesses() {
  if (witnesses_.IsDue(now_)) {
    const PublishedSet in_sync = in_sync_ ? in_sync_->published() : PublishedSet();
    witnesses_.Announce({epoch_, now_, in_sync, log_bytes_}, &effects_);
  }
  if (in_sync_ && !in_sync_->is_stored()) witnesses_.HurryTo(now_ + options_.publish_interval);
}

// Repeats until no write gets its key: a write that gets its key is logged at once, and may pass
// gates that do not wait for the disk, which frees its key again.
void PrimaryCore::AdvanceWrites() {
  do {
    SealBatch();
    LogAllowed();
    gates_.Advance(now_, &effects_);
    ApplyTimeouts();
    AnswerCommitted();
  } while (GrantKeys());
}

bool PrimaryCore::GrantKeys() {
  bool granted = false;
  while (std::optional<WriteRequest> write = queue_.locks().NextFree(gates_.visible())) {
    granted = true;
    Accept(*write);
  }
  return granted;
}

void PrimaryCore::SealBatch() {
  if (BatchPtr batch = queue_.Seal()) recent_.Add(std::move(batch));
}

void PrimaryCore::LogAllowed() {
  const Lsn allowed = gates_.Loggable();
  while (log_.append < allowed) {
    BatchPtr batch = recent_.From(log_.append + 1, allowed);
    REPL_CHECK(batch != nullptr, "no record ", (log_.append + 1).value(), " to log");
    log_.append = batch->last;
    log_bytes_ += batch->bytes.size();
    const FlushMode mode = flushes_.mode();
    if (mode != FlushMode::kNone) flush_asked_ = log_.append;
    Emit(AppendLog{std::move(batch), mode});
    EmitTrace(TraceKind::kAppend, log_.append);
  }
}

void PrimaryCore::FlushIfDue() {
  const Lsn written = Mutated(Mutant::kFlushWhatIsUnwritten) ? log_.append : log_.write;
  if (!flushes_.Due(now_, written, log_.flush)) return;
  flush_asked_ = std::max(flush_asked_, written);
  Emit(FlushLog{});
}

void PrimaryCore::ApplyTimeouts() {
  if (!gates_.HasTimeout()) return;
  Lsn waiting = gates_.next_to_time_out();
  const auto overdue = [&] {
    return waiting <= log_.last && queue_.since(waiting) + options_.knobs.timeout <= now_;
  };
  if (!overdue()) return;
  gates_.TimeOut(waiting, &effects_);
  if (options_.knobs.on_timeout == OnTimeout::kDegrade) {
    LogAllowed();
    gates_.Advance(now_, &effects_);
    return;
  }
  gates_.RefuseWhileUnprotected();
  for (; overdue(); ++waiting) {
    const RequestId client = waiting > gates_.commit() ? queue_.TakeClient(waiting) : RequestId(0);
    if (client != RequestId(0)) {
      Emit(AnswerWrite{
          client,
          Mutated(Mutant::kRejectAtTimeout) ? WriteOutcome::kRejected : WriteOutcome::kUnknown,
          Refused::kGateTimeout,
          {epoch_, waiting},
          true});
    }
    gates_.TimedOut(waiting);
  }
}

// A write is answered when it has passed the ack gate, and released when it has passed both gates.
void PrimaryCore::AnswerCommitted() {
  const Lsn commit = gates_.commit();
  for (Lsn lsn = queue_.next_to_answer(); lsn <= commit; ++lsn) {
    gate_waits_.Add(now_ - queue_.since(lsn));
    const RequestId client = queue_.TakeClient(lsn);
    if (client == RequestId(0)) continue;
    const RequestKey request = outcomes_.Take(lsn);
    AnswerWrite answer{client,        WriteOutcome::kCommitted, Refused::kNone,
                       {epoch_, lsn}, gates_.IsProtected(lsn),  request};
    if (request.empty()) {
      Emit(std::move(answer));
    } else {
      outcomes_.Answer(std::move(answer), log_.apply, &effects_);
    }
  }
  queue_.AnsweredThrough(commit);
  waiters_.Advance(gates_, log_.apply, &outcomes_, &effects_);
  queue_.Release(gates_.passed());
}

void PrimaryCore::ApplyVisible() {
  const Lsn target = std::min(gates_.visible(), log_.append);
  while (log_.apply_asked < target) {
    const Lsn first = log_.apply_asked + 1;
    BatchPtr batch = recent_.From(first, target);
    // Records that are not in memory are read from the log, which requires that they are written.
    const Lsn through = batch != nullptr ? batch->last : std::min(target, log_.write);
    if (through < first) break;
    log_.apply_asked = through;
    Emit(ApplyRecords{std::move(batch), first, through});
  }
}

// With replicas-first, records are sent before they are given to the log. Once this node has
// stopped leading it never gives them, and no longer has those that it had not sealed.
Feed::Limits PrimaryCore::FeedLimits() const {
  const Lsn sendable = gates_.Sendable();
  return {leading() ? sendable : std::min(sendable, log_.append), gates_.commit(), log_.append,
          log_bytes_};
}

}  // namespace replsim
