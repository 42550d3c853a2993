#include "common/node/node.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/mutant.h"
#include "common/base/status.h"
#include "common/storage/store/command.h"

namespace replsim {
namespace {

// Whether the record's LSN is a place in this node's log, and not in somebody else's or in none
// yet.
bool IsOfOwnLog(TraceKind kind) {
  switch (kind) {
    case TraceKind::kAppend:
    case TraceKind::kWrite:
    case TraceKind::kFlush:
    case TraceKind::kApply:
    case TraceKind::kCommit:
    case TraceKind::kStarted:
    case TraceKind::kLeads:
    case TraceKind::kTruncated:
      return true;
    default:
      return false;
  }
}

}  // namespace

Node::Node(Options options, NodeStorage& storage, Outside& outside, Failpoints& failpoints,
           TraceSink* trace, NodeHost& host)
    : options_(std::move(options)),
      storage_(storage),
      outside_(outside),
      failpoints_(failpoints),
      trace_(trace),
      host_(host),
      bytes_(storage.log().last(), storage.log().bytes()) {
  const absl::Status rebuilt = RebuildStore();  // from records that were found intact just now
  REPL_CHECK(rebuilt.ok(), rebuilt.message());
}

CoreStart Node::start() const {
  const Lsn last = storage_.log().last();
  // Everything recovered was flushed when the log was opened, and applied when the node was made.
  return {options_.id,
          storage_.metadata().epoch,
          storage_.metadata().history,
          last,
          last,
          last,
          Mutated(Mutant::kForgetRequestsOnRestart) ? RequestTable() : store_.requests(),
          /*committed=*/Lsn(0),
          storage_.log().first()};
}

void Node::Run(std::unique_ptr<Core> core, bool leads) {
  leads_ = leads;
  core_ = std::move(core);
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
      if (std::exchange(rest_is_void_, false)) todo_.clear();
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
    while (next != effects.end() && !halted_ && !rest_is_void_) Execute(*next++);
    if (std::exchange(rest_is_void_, false)) next = effects.end();
    // What is left waits at the failpoint, behind what is left of the effect it fired in.
    todo_.insert(todo_.end(), std::make_move_iterator(next),
                 std::make_move_iterator(effects.end()));
    if (!failure_.empty() && !halted_) End();
    if (being_promoted_ && !halted_) ContinuePromotion();
  }
  RecordStall();
  outside_.EndTurn();
}

void Node::StepCore(Event event) {
  if (std::holds_alternative<LogTruncated>(event)) truncating_ = false;
  if (auto* full = std::get_if<LogFull>(&event); full != nullptr && full->batch != nullptr) {
    if (truncating_) return;  // it was given back before the cut, and is not wanted any more
    return WaitForRoom({std::move(full->batch), FlushMode::kGroup});
  }
  if (const auto* failed = std::get_if<LogFailed>(&event)) failure_ = failed->why;
  core_->Step(host_.Now(), std::move(event));
  if (++steps_ % options_.steps_per_check == 0) core_->CheckInvariants();
}

void Node::Execute(Effect& effect) {
  std::visit([this](auto& e) { On(e); }, effect);
}

// --- own storage ---

void Node::On(AppendLog& append) {
  const BatchPtr batch = append.batch;
  for (const bool after : {false, true}) {
    const auto match = failpoints_.Pass(RolePoint(Point::kPrimaryAppend, Point::kReplicaReceive),
                                        after, batch->first, batch->last);
    if (!match) continue;
    const Lsn through = after ? match->lsn : match->lsn - 1;
    if (through < batch->last) {
      todo_.push_front(AppendLog{Slice(batch, through + 1, batch->last), append.flush});
    }
    if (through >= batch->first) AppendBatch(Slice(batch, batch->first, through), append.flush);
    return Halt(*match, RolePoint(Point::kPrimaryAppend, Point::kReplicaReceive), std::nullopt);
  }
  AppendBatch(batch, append.flush);
}

void Node::AppendBatch(BatchPtr batch, FlushMode flush) {
  bytes_.Add(*batch);
  if (!waiting_.empty()) return WaitForRoom({std::move(batch), flush});
  if (flush == FlushMode::kAlone) {
    const OwnIo io(*this);
    return host_.log_device().AppendAndFlush(std::move(batch));
  }
  if (!WriteBatch(batch, flush)) WaitForRoom({std::move(batch), flush});
}

// False: there is no room for it, and nothing has changed.
bool Node::WriteBatch(const BatchPtr& batch, FlushMode flush) {
  absl::StatusOr<std::optional<Stop>> stop = [&] {
    const OwnIo io(*this);
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
  std::optional<Effect> effect;
  if (rest != nullptr) effect = AppendLog{rest, flush};
  Halt((*stop)->match, RolePoint(Point::kPrimaryWrite, Point::kReplicaWrite), std::move(effect));
  return true;
}

void Node::On(const FlushLog&) {
  const OwnIo io(*this);
  host_.log_device().Flush();
}

void Node::On(const TruncateLog& truncate) {
  const OwnIo io(*this);
  host_.log_device().Drain();
  DropWaiting();
  const Lsn last = std::min(truncate.last, storage_.log().last());
  absl::StatusOr<uint64_t> cut = storage_.log().TruncateTo(last, storage_.rollback_path());
  if (!cut.ok()) {
    StorageFailed(cut.status());
    return;
  }
  if (!Mutated(Mutant::kFlushedBeyondTruncation)) host_.log_device().Truncated(last);
  bytes_ = ByteIndex(last, storage_.log().bytes());
  if (store_.applied() > last && !Mutated(Mutant::kKeepStoreOnTruncate)) {
    if (const absl::Status rebuilt = RebuildStore(); !rebuilt.ok()) return StorageFailed(rebuilt);
  }
  // Through the queue, behind what the log device had already told of the records now cut.
  truncating_ = true;
  host_.Post(LogTruncated{last, *cut});
}

void Node::On(const ReadRecords& read) {
  const OwnIo io(*this);
  absl::StatusOr<BatchPtr> batch = storage_.log().Read(read.from, read.bytes_max);
  if (!batch.ok()) {
    StorageFailed(batch.status());
    return;
  }
  local_.push_back(RecordsRead{read.stream, *std::move(batch)});
}

void Node::On(const SaveEpoch& save) {
  const OwnIo io(*this);
  const absl::Status saved = storage_.Save({save.epoch, save.history});
  if (!saved.ok()) StorageFailed(saved);
}

void Node::On(ApplyRecords& apply) {
  const Point point = RolePoint(Point::kPrimaryApply, Point::kReplicaApply);
  Lsn last = apply.last;
  std::optional<Failpoints::Match> match;
  for (const bool after : {false, true}) {
    if (match) break;
    match = failpoints_.Pass(point, after, apply.first, apply.last);
    if (match) last = after ? match->lsn : match->lsn - 1;
  }
  if (apply.batch != nullptr && apply.first <= last) {
    ApplyBatch(*apply.batch, apply.first, last);
  } else if (const absl::Status status = ApplyFromLog(last); !status.ok()) {
    StorageFailed(status);
    return;
  }
  if (last >= apply.first) {
    RecordWallLag(last);
    local_.push_back(Applied{last});
  }
  if (!match) return;
  std::optional<Effect> rest;
  if (last < apply.last) rest = ApplyRecords{apply.batch, last + 1, apply.last};
  Halt(*match, point, std::move(rest));
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

void Node::On(Send& send) {
  const auto* append = std::get_if<Append>(&send.message);
  if (append != nullptr && append->batch != nullptr) return SendBatch(send.stream, *append);
  if (const auto* ack = std::get_if<Ack>(&send.message)) return SendAck(send.stream, *ack);
  outside_.Send(send.stream, std::move(send.message));
}

void Node::SendBatch(StreamId stream, const Append& append) {
  const BatchPtr& batch = append.batch;
  const auto part = [&](Lsn first, Lsn last) {
    Append piece = append;
    piece.batch = Slice(batch, first, last);
    return piece;
  };
  for (const bool after : {false, true}) {
    const auto match = failpoints_.Pass(Point::kPrimarySend, after, batch->first, batch->last);
    if (!match) continue;
    const Lsn through = after ? match->lsn : match->lsn - 1;
    if (through >= batch->first) outside_.Send(stream, part(batch->first, through));
    std::optional<Effect> rest;
    if (through < batch->last) rest = Send{stream, part(through + 1, batch->last)};
    return Halt(*match, Point::kPrimarySend, std::move(rest));
  }
  outside_.Send(stream, append);
}

void Node::SendAck(StreamId stream, const Ack& ack) {
  const Lsn told = options_.acks_tell_flush ? ack.flush : ack.write;
  const Lsn first = std::min(acked_, told) + 1;
  acked_ = told;
  if (const auto match = failpoints_.Pass(Point::kReplicaAck, false, first, told)) {
    return Halt(*match, Point::kReplicaAck, Send{stream, ack});
  }
  const auto match = failpoints_.Pass(Point::kReplicaAck, true, first, told);
  outside_.Send(stream, ack);
  if (match) Halt(*match, Point::kReplicaAck, std::nullopt);
}

void Node::On(const AnswerWrite& answer) {
  const Lsn lsn = answer.position.lsn;
  const bool committed = answer.outcome == WriteOutcome::kCommitted;
  if (committed) {
    if (const auto match = failpoints_.Pass(Point::kPrimaryAck, false, lsn, lsn)) {
      return Halt(*match, Point::kPrimaryAck, answer);
    }
  }
  outside_.Answer(answer);
  answers_.Add(answer);
  if (!committed) return;
  if (const auto match = failpoints_.Pass(Point::kPrimaryAck, true, lsn, lsn)) {
    Halt(*match, Point::kPrimaryAck, std::nullopt);
  }
}

void Node::On(const AnswerRead& answer) {
  const KvStore::Entry* entry = answer.why == Refused::kNone ? store_.Find(answer.key) : nullptr;
  const Lsn applied = store_.applied();
  outside_.Answer(answer, entry, {storage_.metadata().history.EpochAt(applied), applied});
}

void Node::On(const PassedGate& passed) {
  if (const auto match = failpoints_.Pass(Point::kPrimaryGate, false, passed.first, passed.last)) {
    return Halt(*match, Point::kPrimaryGate, passed);
  }
  Record(TraceKind::kCommit, NodeId(), passed.epoch, passed.last);
  if (const auto match = failpoints_.Pass(Point::kPrimaryGate, true, passed.first, passed.last)) {
    Halt(*match, Point::kPrimaryGate, std::nullopt);
  }
}

// --- the recording ---

uint64_t Node::BytesAt(Lsn lsn) {
  if (const auto bytes = bytes_.At(lsn)) return *bytes;
  const std::optional<uint64_t> bytes = storage_.log().BytesAt(lsn);
  REPL_CHECK(bytes, options_.id.name(), ": LSN ", lsn.value(),
             " lies before its log, which begins ", "at ", storage_.log().first().value());
  return *bytes;
}

void Node::Record(TraceKind kind, const NodeId& peer, Epoch epoch, Lsn lsn) {
  // A node whose storage has failed is at its end, and what its core believes then may never have
  // been saved, such as an epoch.
  if (trace_ == nullptr || !failure_.empty()) return;
  TraceRecord record;
  record.kind = static_cast<uint8_t>(kind);
  if (!peer.empty()) {
    const auto it = std::find(options_.nodes.begin(), options_.nodes.end(), peer);
    record.peer = static_cast<uint16_t>(it - options_.nodes.begin());
  }
  record.epoch = static_cast<uint32_t>(epoch.value());
  record.lsn = lsn.value();
  if (IsOfOwnLog(kind)) record.bytes = BytesAt(lsn);
  record.time_ns = ToNanos(host_.TraceTime());
  trace_->Add(record);
}

// As PostgreSQL's now() - pg_last_xact_replay_timestamp(), right after the replay.
void Node::RecordWallLag(Lsn applied) {
  if (trace_ == nullptr || leads_) return;
  TraceRecord record;
  record.kind = static_cast<uint8_t>(TraceKind::kWallLag);
  record.epoch = static_cast<uint32_t>(storage_.metadata().history.EpochAt(applied).value());
  record.lsn = applied.value();
  record.bytes = static_cast<uint64_t>((wall_clock_.At(host_.Now()) - applied_stamp_).count());
  record.time_ns = ToNanos(host_.TraceTime());
  trace_->Add(record);
}

}  // namespace replsim
