// Runs one core on a real machine: gives it its events, carries out its effects, wakes it when its
// timer is due. The core, the store and the recorder are touched only here, by whichever thread is
// inside the combiner at the time (combiner.h); the disk has a thread of its own (log_thread.h).
//
// The core can be replaced by another one while the node runs: that is what promotion is.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/kv/store.h"
#include "common/protocol/core.h"
#include "common/runtime/byte_index.h"
#include "common/runtime/combiner.h"
#include "common/runtime/failpoints.h"
#include "common/runtime/log_thread.h"
#include "common/runtime/node_storage.h"
#include "common/runtime/stage_recorder.h"

namespace replsim {

// Where effects leave the node. Called from inside the loop; must not block. What is handed over
// during one turn of the loop may be kept until EndTurn and sent as one.
class Outside {
 public:
  virtual ~Outside() = default;
  virtual void Dial(StreamId stream, const NodeId& primary) = 0;
  virtual void Send(StreamId stream, Message message) = 0;
  virtual void Close(StreamId stream) = 0;
  virtual void Announce(const NodeId& peer, Epoch epoch) = 0;
  virtual void Answer(const AnswerWrite& answer) = 0;
  // `entry` is null where there is no such key, or where the read is refused.
  virtual void Answer(const AnswerRead& answer, const KvStore::Entry* entry, Position applied) = 0;
  virtual void EndTurn() = 0;
  // Runs `then` once everything handed over so far has left this process.
  virtual void AfterSent(absl::AnyInvocable<void()> then) = 0;
};

class NodeLoop {
 public:
  struct Options {
    std::vector<NodeId> nodes;    // as stage traces number them
    bool acks_tell_flush = true;  // failpoint replica.ack counts flushed writes; else written ones
  };
  // All outlive the loop; `recorder` may be null.
  NodeLoop(Options options, NodeStorage& storage, Outside& outside, Failpoints& failpoints,
           StageRecorder* recorder);
  ~NodeLoop();

  // What the first core starts from.
  CoreStart start() const;
  // Begins to run `core`. `leads` says which role's failpoints this node passes.
  void Run(std::unique_ptr<Core> core, bool leads);

  // From any thread.
  void Post(Event event) { combiner_.Post(std::move(event)); }
  void PostAll(std::vector<Event> events);
  // Runs `work` inside the loop.
  void Do(absl::AnyInvocable<void(NodeLoop&)> work) { combiner_.Post(std::move(work)); }

  // Inside the loop only.
  Core& core() { return *core_; }
  const KvStore& store() const { return store_; }
  bool leads() const { return leads_; }
  // The present core hands over to what `make` builds from its state, to lead `epoch`. Everything
  // received is first written and flushed. Where it cannot, nothing has changed.
  absl::Status Promote(Epoch epoch,
                       absl::AnyInvocable<std::unique_ptr<Core>(const CoreStart&)> make);

 private:
  using Item = std::variant<Event, absl::AnyInvocable<void(NodeLoop&)>>;

  void Handle(std::vector<Item>& items);
  void Turn();
  void Settle();
  void StepCore(Event event);
  void Execute(Effect effect);

  void On(AppendLog& append);
  void AppendBatch(BatchPtr batch, FlushMode flush);
  void On(const FlushLog&) { log_thread_->Flush(); }
  void On(const TruncateLog& truncate);
  void On(const ReadRecords& read);
  void On(const SaveEpoch& save);
  void On(ApplyRecords& apply);
  void On(const Dial& dial) { outside_.Dial(dial.stream, dial.primary); }
  void On(Send& send);
  void On(const CloseStream& close) { outside_.Close(close.stream); }
  void On(const Announce& announce) { outside_.Announce(announce.peer, announce.epoch); }
  void On(const AnswerWrite& answer);
  void On(const AnswerRead& answer);
  void On(const PassedGate& passed);
  void On(const Trace& trace) { Record(trace.kind, trace.peer, trace.epoch, trace.lsn); }

  void ApplyBatch(const RecordBatch& batch, Lsn first, Lsn last);
  void RebuildStore();
  void Record(TraceKind kind, const NodeId& peer, Epoch epoch, Lsn lsn);
  uint64_t BytesAt(Lsn lsn);

  Point RolePoint(Point primary, Point replica) const { return leads_ ? primary : replica; }
  // Stops the loop at a failpoint until the signal it sends itself has been answered (SIGCONT).
  // `rest` is what remains of the effect it fired in.
  void Halt(Failpoints::Match match, Point point, std::optional<Effect> rest);
  absl::Status WriteToLog(BatchPtr batch);
  Lsn BeforeWrite(Lsn first, Lsn last);
  void PassAndFire(Point primary, Point replica, bool after, Lsn first, Lsn last);
  void RecordFailpoint(Lsn lsn);

  void TimerThread();
  void SetTimer(Instant when);

  const Options options_;
  NodeStorage& storage_;
  Outside& outside_;
  Failpoints& failpoints_;
  StageRecorder* const recorder_;

  Combiner<Item> combiner_;
  std::deque<Item> backlog_;  // held while halted
  std::deque<Effect> todo_;
  std::deque<Event> local_;  // events that effects caused in this turn
  bool halted_ = false;
  std::unique_ptr<Core> core_;
  std::atomic<bool> leads_{false};
  KvStore store_;
  ByteIndex bytes_;
  Lsn acked_;  // last position an ack told, for replica.ack
  uint64_t steps_ = 0;
  std::unique_ptr<LogThread> log_thread_;

  absl::Mutex timer_mutex_;
  Instant timer_ ABSL_GUARDED_BY(timer_mutex_) = kNever;
  bool stopping_ ABSL_GUARDED_BY(timer_mutex_) = false;
  absl::CondVar timer_changed_;
  std::thread timer_thread_;
};

}  // namespace replsim
