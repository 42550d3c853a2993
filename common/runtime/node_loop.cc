#include "common/runtime/node_loop.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "common/base/check.h"
#include "common/base/status.h"

namespace replsim {
namespace {

// Checked often enough to catch a node that has lost its way, seldom enough to cost nothing.
constexpr uint64_t kStepsPerCheck = 1024;

LogFailed Failure(const absl::Status& status) { return {std::string(status.message())}; }

}  // namespace

NodeLoop::NodeLoop(Options options, NodeStorage& storage, Outside& outside, Failpoints& failpoints,
                   StageRecorder* recorder)
    : options_(std::move(options)),
      storage_(storage),
      outside_(outside),
      failpoints_(failpoints),
      recorder_(recorder),
      combiner_([this](std::vector<Item>& items) { Handle(items); }),
      bytes_(storage.log().last(), storage.log().bytes()) {
  RebuildStore();
  LogThread::Hooks hooks;
  hooks.notify = [this](Event event) { Post(std::move(event)); };
  hooks.write = [this](const BatchPtr& batch) { return WriteToLog(batch); };
  hooks.before_flush = [this](Lsn first, Lsn last) {
    PassAndFire(Point::kPrimaryFlush, Point::kReplicaFlush, false, first, last);
  };
  hooks.after_flush = [this](Lsn first, Lsn last) {
    PassAndFire(Point::kPrimaryFlush, Point::kReplicaFlush, true, first, last);
  };
  log_thread_ = std::make_unique<LogThread>(storage_.log(), std::move(hooks));
}

NodeLoop::~NodeLoop() {
  {
    absl::MutexLock lock(&timer_mutex_);
    stopping_ = true;
    timer_changed_.Signal();
  }
  if (timer_thread_.joinable()) timer_thread_.join();
  log_thread_.reset();
}

CoreStart NodeLoop::start() const {
  const Lsn last = storage_.log().last();
  // Everything recovered was flushed when the log was opened, and applied when the loop was made.
  return {NodeId(), storage_.metadata().epoch, storage_.metadata().history, last, last, last};
}

void NodeLoop::Run(std::unique_ptr<Core> core, bool leads) {
  Do([core = std::move(core), leads](NodeLoop& loop) mutable {
    loop.leads_ = leads;
    loop.core_ = std::move(core);
    const Lsn last = loop.storage_.log().last();
    const Epoch epoch = loop.storage_.metadata().epoch;
    loop.Record(TraceKind::kStarted, NodeId(), epoch, last);
    for (const TraceKind kind :
         {TraceKind::kAppend, TraceKind::kWrite, TraceKind::kFlush, TraceKind::kApply}) {
      loop.Record(kind, NodeId(), epoch, last);
    }
  });
  timer_thread_ = std::thread([this] { TimerThread(); });
}

void NodeLoop::PostAll(std::vector<Event> events) {
  std::vector<Item> items;
  items.reserve(events.size());
  for (Event& event : events) items.emplace_back(std::move(event));
  combiner_.PostAll(std::move(items));
}

absl::Status NodeLoop::Promote(Epoch epoch,
                               absl::AnyInvocable<std::unique_ptr<Core>(const CoreStart&)> make) {
  Settle();
  log_thread_->Drain();
  REPL_RETURN_IF_ERROR(storage_.log().Flush());
  Effects last_words;
  REPL_ASSIGN_OR_RETURN(CoreStart start, core_->HandOver(epoch, &last_words));
  for (Effect& effect : last_words) Execute(std::move(effect));
  start.flushed = start.last;
  core_ = make(start);
  leads_ = true;
  return absl::OkStatus();
}

// --- the turn ---

void NodeLoop::Handle(std::vector<Item>& items) {
  backlog_.insert(backlog_.end(), std::make_move_iterator(items.begin()),
                  std::make_move_iterator(items.end()));
  if (halted_) return;
  Turn();
}

void NodeLoop::Turn() {
  while (!halted_ && (!todo_.empty() || !local_.empty() || !backlog_.empty())) {
    while (!todo_.empty() && !halted_) {
      Effect effect = std::move(todo_.front());
      todo_.pop_front();
      Execute(std::move(effect));
    }
    if (halted_) break;
    while (!local_.empty()) {
      Event event = std::move(local_.front());
      local_.pop_front();
      StepCore(std::move(event));
    }
    while (!backlog_.empty()) {
      Item item = std::move(backlog_.front());
      backlog_.pop_front();
      if (auto* event = std::get_if<Event>(&item)) {
        StepCore(std::move(*event));
      } else {
        std::get<1>(item)(*this);
      }
    }
    Effects effects = core_->TakeEffects();
    todo_.insert(todo_.end(), std::make_move_iterator(effects.begin()),
                 std::make_move_iterator(effects.end()));
  }
  outside_.EndTurn();
  if (!halted_) SetTimer(core_->NextTimer());
}

// Carries out what the core has asked for so far, until nothing more comes of it at once.
void NodeLoop::Settle() {
  for (Effects effects = core_->TakeEffects(); !effects.empty() || !local_.empty();
       effects = core_->TakeEffects()) {
    for (Effect& effect : effects) Execute(std::move(effect));
    for (; !local_.empty(); local_.pop_front()) StepCore(std::move(local_.front()));
  }
}

void NodeLoop::StepCore(Event event) {
  core_->Step(MonotonicNow(), std::move(event));
  if (++steps_ % kStepsPerCheck == 0) core_->CheckInvariants();
}

void NodeLoop::Execute(Effect effect) {
  std::visit([this](auto& e) { On(e); }, effect);
}

// --- own storage ---

void NodeLoop::On(AppendLog& append) {
  const BatchPtr batch = append.batch;
  for (const bool after : {false, true}) {
    const auto match = failpoints_.Pass(RolePoint(Point::kPrimaryAppend, Point::kReplicaReceive),
                                        after, batch->first, batch->last);
    if (!match) continue;
    const Lsn through = after ? match->lsn : match->lsn - 1;
    if (through >= batch->first) AppendBatch(Slice(batch, batch->first, through), append.flush);
    std::optional<Effect> rest;
    if (through < batch->last)
      rest = AppendLog{Slice(batch, through + 1, batch->last), append.flush};
    return Halt(*match, RolePoint(Point::kPrimaryAppend, Point::kReplicaReceive), std::move(rest));
  }
  AppendBatch(batch, append.flush);
}

void NodeLoop::AppendBatch(BatchPtr batch, FlushMode flush) {
  bytes_.Add(*batch);
  if (flush == FlushMode::kAlone) return log_thread_->AppendAndFlush(std::move(batch));
  const Lsn last = batch->last;
  if (const absl::Status status = WriteToLog(std::move(batch)); !status.ok()) {
    local_.push_back(Failure(status));
    return;
  }
  if (flush == FlushMode::kGroup) log_thread_->Flush();
  local_.push_back(LogWritten{last});
}

// A failpoint in the middle of the batch: what comes before it is written first.
absl::Status NodeLoop::WriteToLog(BatchPtr batch) {
  while (batch != nullptr) {
    const Lsn through = BeforeWrite(batch->first, batch->last);
    const BatchPtr now = Slice(batch, batch->first, through);
    REPL_RETURN_IF_ERROR(storage_.log().Append(*now));
    PassAndFire(Point::kPrimaryWrite, Point::kReplicaWrite, true, now->first, now->last);
    batch = through < batch->last ? Slice(batch, through + 1, batch->last) : nullptr;
  }
  return absl::OkStatus();
}

void NodeLoop::On(const TruncateLog& truncate) {
  log_thread_->Drain();
  absl::StatusOr<uint64_t> cut = storage_.log().TruncateTo(truncate.last, storage_.rollback_path());
  if (!cut.ok()) {
    local_.push_back(Failure(cut.status()));
    return;
  }
  log_thread_->Truncated(truncate.last);
  bytes_ = ByteIndex(truncate.last, storage_.log().bytes());
  if (store_.applied() > truncate.last) RebuildStore();
  // Through the queue, behind what the log thread had already told of the records now cut.
  Post(LogTruncated{truncate.last, *cut});
}

void NodeLoop::On(const ReadRecords& read) {
  absl::StatusOr<BatchPtr> batch = storage_.log().Read(read.from, read.bytes_max);
  if (!batch.ok()) {
    local_.push_back(Failure(batch.status()));
    return;
  }
  local_.push_back(RecordsRead{read.stream, *std::move(batch)});
}

void NodeLoop::On(const SaveEpoch& save) {
  const absl::Status saved = storage_.Save({save.epoch, save.history});
  if (!saved.ok()) local_.push_back(Failure(saved));
}

void NodeLoop::On(ApplyRecords& apply) {
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
  } else {
    while (store_.applied() < last) {
      absl::StatusOr<BatchPtr> batch = storage_.log().Read(store_.applied() + 1, 1 << 20);
      if (!batch.ok()) {
        local_.push_back(Failure(batch.status()));
        return;
      }
      ApplyBatch(**batch, store_.applied() + 1, std::min(last, (*batch)->last));
    }
  }
  if (last >= apply.first) local_.push_back(Applied{last});
  if (!match) return;
  std::optional<Effect> rest;
  if (last < apply.last) rest = ApplyRecords{apply.batch, last + 1, apply.last};
  Halt(*match, point, std::move(rest));
}

void NodeLoop::ApplyBatch(const RecordBatch& batch, Lsn first, Lsn last) {
  absl::string_view rest = batch.bytes;
  RecordView record;
  while (ParseRecord(rest, &record) == ParseOutcome::kRecord && record.position.lsn <= last) {
    if (record.position.lsn >= first) store_.Apply(record);
    rest.remove_prefix(record.encoded_bytes);
  }
  REPL_CHECK(store_.applied() == last, "applied ", store_.applied().value(), " of ", last.value());
}

void NodeLoop::RebuildStore() {
  store_.Clear();
  const Lsn last = storage_.log().last();
  while (store_.applied() < last) {
    const absl::StatusOr<BatchPtr> batch = storage_.log().Read(store_.applied() + 1, 1 << 20);
    REPL_CHECK(batch.ok(), batch.status().message());
    ApplyBatch(**batch, store_.applied() + 1, (*batch)->last);
  }
}

// --- leaving the node ---

void NodeLoop::On(Send& send) {
  auto* append = std::get_if<Append>(&send.message);
  const auto* ack = std::get_if<Ack>(&send.message);
  if (append != nullptr && append->batch != nullptr) {
    const BatchPtr batch = append->batch;
    for (const bool after : {false, true}) {
      const auto match = failpoints_.Pass(Point::kPrimarySend, after, batch->first, batch->last);
      if (!match) continue;
      const Lsn through = after ? match->lsn : match->lsn - 1;
      const auto part = [&](Lsn first, Lsn last) {
        Append piece = *append;
        piece.batch = Slice(batch, first, last);
        return piece;
      };
      if (through >= batch->first) outside_.Send(send.stream, part(batch->first, through));
      std::optional<Effect> rest;
      if (through < batch->last) rest = Send{send.stream, part(through + 1, batch->last)};
      return Halt(*match, Point::kPrimarySend, std::move(rest));
    }
  }
  if (ack != nullptr) {
    const Lsn told = options_.acks_tell_flush ? ack->flush : ack->write;
    const Lsn first = std::min(acked_, told) + 1;
    acked_ = told;
    if (const auto match = failpoints_.Pass(Point::kReplicaAck, false, first, told)) {
      return Halt(*match, Point::kReplicaAck, std::move(send));
    }
    const auto match = failpoints_.Pass(Point::kReplicaAck, true, first, told);
    outside_.Send(send.stream, std::move(send.message));
    if (match) Halt(*match, Point::kReplicaAck, std::nullopt);
    return;
  }
  outside_.Send(send.stream, std::move(send.message));
}

void NodeLoop::On(const AnswerWrite& answer) {
  const Lsn lsn = answer.position.lsn;
  const bool committed = answer.outcome == WriteOutcome::kCommitted;
  if (committed) {
    if (const auto match = failpoints_.Pass(Point::kPrimaryAck, false, lsn, lsn)) {
      return Halt(*match, Point::kPrimaryAck, answer);
    }
  }
  outside_.Answer(answer);
  if (!committed) return;
  if (const auto match = failpoints_.Pass(Point::kPrimaryAck, true, lsn, lsn)) {
    Halt(*match, Point::kPrimaryAck, std::nullopt);
  }
}

void NodeLoop::On(const AnswerRead& answer) {
  const KvStore::Entry* entry = answer.why == Refused::kNone ? store_.Find(answer.key) : nullptr;
  const Lsn applied = store_.applied();
  outside_.Answer(answer, entry, {storage_.metadata().history.EpochAt(applied), applied});
}

void NodeLoop::On(const PassedGate& passed) {
  if (const auto match = failpoints_.Pass(Point::kPrimaryGate, false, passed.first, passed.last)) {
    return Halt(*match, Point::kPrimaryGate, passed);
  }
  Record(TraceKind::kCommit, NodeId(), passed.epoch, passed.last);
  if (const auto match = failpoints_.Pass(Point::kPrimaryGate, true, passed.first, passed.last)) {
    Halt(*match, Point::kPrimaryGate, std::nullopt);
  }
}

// --- the recording ---

uint64_t NodeLoop::BytesAt(Lsn lsn) {
  if (const auto bytes = bytes_.At(lsn)) return *bytes;
  return storage_.log().BytesAt(lsn);
}

void NodeLoop::Record(TraceKind kind, const NodeId& peer, Epoch epoch, Lsn lsn) {
  if (recorder_ == nullptr) return;
  TraceRecord record;
  record.kind = static_cast<uint8_t>(kind);
  if (!peer.empty()) {
    const auto it = std::find(options_.nodes.begin(), options_.nodes.end(), peer);
    record.peer = static_cast<uint16_t>(it - options_.nodes.begin());
  }
  record.epoch = static_cast<uint32_t>(epoch.value());
  record.lsn = lsn.value();
  record.bytes = kind >= TraceKind::kSend && kind <= TraceKind::kPeerApply ? 0 : BytesAt(lsn);
  record.time_ns = ToNanos(MonotonicNow());
  recorder_->Add(record);
}

// --- the timer ---

void NodeLoop::SetTimer(Instant when) {
  absl::MutexLock lock(&timer_mutex_);
  const bool sooner = when < timer_;
  timer_ = when;
  if (sooner) timer_changed_.Signal();
}

void NodeLoop::TimerThread() {
  for (;;) {
    {
      absl::MutexLock lock(&timer_mutex_);
      for (Instant now = MonotonicNow(); !stopping_ && timer_ > now; now = MonotonicNow()) {
        const Nanos left = timer_ == kNever ? Millis(1000) : timer_ - now;
        timer_changed_.WaitWithTimeout(&timer_mutex_, absl::FromChrono(left));
      }
      if (stopping_) return;
      timer_ = kNever;  // set again by the turn that this begins
    }
    Post(TimerFired{});
  }
}

}  // namespace replsim
