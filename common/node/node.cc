#include "common/node/node.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/mutant.h"
#include "common/base/status.h"
#include "common/storage/store/command.h"

namespace replsim {
Node::Node(Options options, NodeStorage& storage, Outside& outside, Failpoints& failpoints,
           TraceSink* trace, NodeHost& host)
    : id_(options.id),
      nodes_(options.nodes),
      steps_per_check_(options.steps_per_check),
      storage_(storage),
      outside_(outside),
      host_(host),
      gate_(failpoints, options.acks_tell_flush),
      trace_(trace, std::move(options.nodes), storage.log(), host) {
  const absl::Status rebuilt = RebuildStore();  // recovery has just verified the records
  REPL_CHECK(rebuilt.ok(), rebuilt.message());
}

CoreStart Node::start() const {
  const Lsn last = storage_.log().last();
  // Opening the log flushed all recovered records, and the constructor applied them.
  return {id_,
          storage_.metadata().epoch,
          storage_.metadata().history,
          last,
          last,
          last,
          Mutated(Mutant::kForgetRequestsOnRestart) ? RequestTable() : store_.requests(),
          /*committed=*/Lsn(0),
          storage_.log().first(),
          /*next_stream=*/StreamId(1),
          Mutated(Mutant::kForgetVote) ? NodeId() : storage_.metadata().voted_for,
          /*elected_at=*/Instant(),
          /*primary=*/NodeId(),
          Mutated(Mutant::kForgetInSyncSet) ? PublishedSet() : storage_.metadata().in_sync,
          /*unclean=*/!storage_.was_clean(),
          storage_.log().bytes()};
}

void Node::Run(std::unique_ptr<Core> core, bool leads, Cores cores) {
  leads_ = leads;
  core_ = std::move(core);
  cores_ = std::move(cores);
  SetWallClock(wall_clock_);
  const Lsn last = storage_.log().last();
  const Epoch epoch = storage_.metadata().epoch;
  for (const TraceKind kind : {TraceKind::kStarted, TraceKind::kAppend, TraceKind::kWrite,
                               TraceKind::kFlush, TraceKind::kApply}) {
    Record(kind, NodeId(), epoch, last);
  }
}

void Node::SetWallClock(const WallClock& clock) {
  wall_clock_ = clock;
  core_->Step(host_.Now(), WallClockSet{clock});
}

// --- the turn ---

void Node::Turn() {
  if (!halted_ && !waiting_.empty() && host_.Now() >= retry_at_) WriteWaiting();
  while (!halted_ && (!todo_.empty() || !local_.empty() || !backlog_.empty())) {
    while (!todo_.empty() && !halted_) {
      Effect effect = std::move(todo_.front());
      todo_.pop_front();
      Execute(effect);
      if (std::exchange(drop_remaining_effects_, false)) todo_.clear();
    }
    if (halted_) break;
    for (; !local_.empty(); local_.pop_front()) StepCore(std::move(local_.front()));
    while (!backlog_.empty()) {
      Item item = std::move(backlog_.front());
      backlog_.pop_front();
      if (auto* event = std::get_if<Event>(&item)) {
        StepCore(std::move(*event));
      } else {
        std::get<Work>(item)(*this);
      }
    }
    Effects effects = core_->TakeEffects();
    auto next = effects.begin();
    while (next != effects.end() && !halted_ && !drop_remaining_effects_) Execute(*next++);
    if (std::exchange(drop_remaining_effects_, false)) {
      next = effects.end();
      todo_.clear();
    }
    // At a failpoint, the remaining effects wait behind the rest of the effect that it divided.
    todo_.insert(todo_.end(), std::make_move_iterator(next),
                 std::make_move_iterator(effects.end()));
    if (!failure_.empty() && !halted_) End();
    if (pending_role_ && !halted_) ContinueRoleChange();
  }
  trace_.EndTurn();
  outside_.EndTurn();
}

void Node::StepCore(Event event) {
  if (std::holds_alternative<LogTruncated>(event)) truncating_ = false;
  if (auto* full = std::get_if<LogFull>(&event); full != nullptr && full->batch != nullptr) {
    if (truncating_) return;  // the log device returned the batch before the log was truncated
    return WaitForRoom({std::move(full->batch), FlushMode::kGroup});
  }
  if (const auto* failed = std::get_if<LogFailed>(&event)) failure_ = failed->why;
  if (const auto* changed = std::get_if<ApplyDelayChanged>(&event)) apply_delay_ = *changed;
  core_->Step(host_.Now(), std::move(event));
  if (++steps_ % steps_per_check_ == 0) core_->CheckInvariants();
}

void Node::Execute(Effect& effect) {
  std::optional<FailpointGate::Divided> divided = gate_.Pass(effect, leads_);
  if (!divided) return CarryOut(effect);
  // The rest is next after the failpoint, but behind the rest that CarryOut may put in front of it.
  if (divided->rest) todo_.push_front(*std::move(divided->rest));
  if (divided->before) CarryOut(*divided->before);
  if (!drop_remaining_effects_) Halt(divided->stop.match, divided->stop.point);
}

void Node::CarryOut(Effect& effect) {
  std::visit([this](auto& e) { On(e); }, effect);
}

// --- own storage ---

void Node::On(AppendLog& append) {
  trace_.Appended(*append.batch);
  if (!waiting_.empty()) return WaitForRoom(std::move(append));
  if (append.flush == FlushMode::kAlone) {
    const NodeTrace::OwnIo io(trace_);
    return host_.log_device().AppendAndFlush(std::move(append.batch));
  }
  if (!WriteBatch(append.batch, append.flush)) WaitForRoom(std::move(append));
}

// Returns false, with nothing changed, if the disk is full.
bool Node::WriteBatch(const BatchPtr& batch, FlushMode flush) {
  absl::StatusOr<std::optional<Stop>> stop = [&] {
    const NodeTrace::OwnIo io(trace_);
    if (storage_.log().BeginsSegment(*batch)) host_.log_device().Drain();
    return WriteUntilFailpoint(batch);
  }();
  if (absl::IsResourceExhausted(stop.status())) return false;
  if (!stop.ok()) {
    StorageFailed(stop.status());
    return true;
  }
  const bool stopped = stop->has_value();
  const BatchPtr rest = stopped ? (*stop)->rest : nullptr;
  const Lsn last = rest == nullptr ? batch->last : rest->first - 1;
  if (last >= batch->first) {
    if (flush == FlushMode::kGroup) On(FlushLog{});
    local_.push_back(LogWritten{last});
  }
  if (!stopped) return true;
  if (rest != nullptr) todo_.push_front(AppendLog{rest, flush});
  Halt((*stop)->match, leads_ ? Point::kPrimaryWrite : Point::kReplicaWrite);
  return true;
}

void Node::On(const FlushLog&) {
  const NodeTrace::OwnIo io(trace_);
  host_.log_device().Flush();
}

void Node::On(const TruncateLog& truncate) {
  const NodeTrace::OwnIo io(trace_);
  host_.log_device().Drain();
  DropWaiting();
  const Lsn last = std::min(truncate.last, storage_.log().last());
  absl::StatusOr<uint64_t> cut = storage_.log().TruncateTo(last, storage_.rollback_path());
  if (!cut.ok()) {
    StorageFailed(cut.status());
    return;
  }
  if (!Mutated(Mutant::kFlushedBeyondTruncation)) host_.log_device().Truncated(last);
  trace_.Truncated(last);
  if (store_.applied() > last && !Mutated(Mutant::kKeepStoreOnTruncate)) {
    if (const absl::Status rebuilt = RebuildStore(); !rebuilt.ok()) return StorageFailed(rebuilt);
  }
  // Posted, so that it arrives after the events that the log device posted for truncated records.
  truncating_ = true;
  host_.Post(LogTruncated{last, *cut, storage_.log().bytes()});
}

void Node::On(const ReadRecords& read) {
  const NodeTrace::OwnIo io(trace_);
  absl::StatusOr<BatchPtr> batch = storage_.log().Read(read.from, read.bytes_max);
  if (!batch.ok()) {
    StorageFailed(batch.status());
    return;
  }
  local_.push_back(RecordsRead{read.stream, *std::move(batch)});
}

void Node::On(const SaveEpoch& save) {
  const NodeTrace::OwnIo io(trace_);
  const absl::Status saved =
      storage_.Save({save.epoch, save.history, save.voted_for, save.in_sync});
  if (!saved.ok()) StorageFailed(saved);
}

void Node::On(ApplyRecords& apply) {
  if (apply.batch != nullptr) {
    ApplyBatch(*apply.batch, apply.first, apply.last);
  } else if (const absl::Status status = ApplyFromLog(apply.last); !status.ok()) {
    return StorageFailed(status);
  }
  RecordWallLag(apply.last);
  local_.push_back(Applied{apply.last});
}

absl::Status Node::ApplyFromLog(Lsn last) {
  while (store_.applied() < last) {
    REPL_ASSIGN_OR_RETURN(const BatchPtr batch, storage_.log().Read(store_.applied() + 1, 1 << 20));
    ApplyBatch(*batch, store_.applied() + 1, std::min(last, batch->last));
  }
  return absl::OkStatus();
}

void Node::ApplyBatch(const RecordBatch& batch, Lsn first, Lsn last) {
  absl::string_view rest = batch.bytes;
  RecordView record;
  while (ParseRecord(rest, &record) == ParseOutcome::kRecord && record.position.lsn <= last) {
    if (record.position.lsn >= first) store_.Apply(record);
    if (record.position.lsn == last) applied_stamp_ = record.time;
    rest.remove_prefix(record.encoded_bytes);
  }
  REPL_CHECK(store_.applied() == last, "applied ", store_.applied().value(), " of ", last.value());
}

absl::Status Node::RebuildStore() {
  store_.Clear();
  return ApplyFromLog(storage_.log().last());
}

// --- leaving the node ---

void Node::On(AnswerWrite& answer) {
  if (!answer.request.empty()) AddOutcome(answer);
  outside_.Answer(answer);
  answers_.Add(answer);
}

// The store knows the outcome of each client's last request. A client that has sent another one no
// longer waits for this answer.
void Node::AddOutcome(AnswerWrite& answer) const {
  const RequestTable::Last* last = store_.requests().Find(answer.request.client);
  if (last != nullptr && last->sequence == answer.request.sequence) {
    answer.took_effect = last->took_effect;
  } else {
    answer.outcome = WriteOutcome::kUnknown;
    answer.why = Refused::kSuperseded;
  }
}

void Node::On(const AnswerRead& answer) {
  const KvStore::Entry* entry = answer.why == Refused::kNone ? store_.Find(answer.key) : nullptr;
  const Lsn applied = store_.applied();
  outside_.Answer(answer, entry, {storage_.metadata().history.EpochAt(applied), applied});
}

// --- the recording ---

// After a storage failure nothing is recorded: the node is about to end, and the state of its core,
// such as an epoch, may not be persisted.
void Node::Record(TraceKind kind, const NodeId& peer, Epoch epoch, Lsn lsn) {
  if (failure_.empty()) trace_.Add(kind, peer, epoch, lsn);
}

// The lag that PostgreSQL's now() - pg_last_xact_replay_timestamp() shows right after the replay.
void Node::RecordWallLag(Lsn applied) {
  if (!trace_.is_written() || leads_) return;
  trace_.AddWallLag(applied, storage_.metadata().history.EpochAt(applied),
                    wall_clock_.At(host_.Now()) - applied_stamp_);
}

}  // namespace replsim
