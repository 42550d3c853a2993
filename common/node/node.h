// Carries out what a core asks for: steps it, executes its effects on the log, the store and the
// outside, passes the failpoints, writes the stage trace. The same code live and in virtual time;
// what runs it is behind node_host.h.
//
// Single-threaded but for what is there for the log device, which may call it from its own thread.
// The core can be replaced by another one while the node runs: that is what promotion is.
#pragma once

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "common/base/wall_clock.h"
#include "common/node/byte_index.h"
#include "common/node/failpoints.h"
#include "common/node/node_host.h"
#include "common/node/node_metrics.h"
#include "common/node/node_storage.h"
#include "common/protocol/core.h"
#include "common/storage/store/store.h"

namespace replsim {

class Node {
 public:
  struct Options {
    NodeId id;
    std::vector<NodeId> nodes;    // as stage traces number them
    bool acks_tell_flush = true;  // failpoint replica.ack counts flushed writes; else written ones
    uint64_t steps_per_check = 1024;  // of the core's invariants
  };
  using Work = absl::AnyInvocable<void(Node&)>;
  using Item = std::variant<Event, Work>;

  // All outlive the node; `trace` may be null. Rebuilds the store from the log.
  Node(Options options, NodeStorage& storage, Outside& outside, Failpoints& failpoints,
       TraceSink* trace, NodeHost& host);
  ~Node() { AbandonPromotion(absl::AbortedError(options_.id.name() + " died before it led")); }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // What the first core starts from.
  CoreStart start() const;
  // Begins to run `core`. `leads` says which role's failpoints this node passes.
  void Run(std::unique_ptr<Core> core, bool leads);

  // One more thing to do in the next turn.
  void Add(Item item) { backlog_.push_back(std::move(item)); }
  // Does everything there is to do, until nothing more comes of it at once. Nothing is done while
  // the node stands at a failpoint.
  void Turn();
  // Goes on after a failpoint at which the node stood; the next Turn does the rest.
  void Resume() { halted_ = false; }
  // Its wall clock from now on; whatever core it runs stamps records by it.
  void SetWallClock(const WallClock& clock);
  // When the node next wants to be woken; kNever also at a failpoint.
  Instant NextTimer() const {
    return halted_ ? kNever : std::min(core_->NextTimer(), waiting_.empty() ? kNever : retry_at_);
  }

  Core& core() { return *core_; }
  const Core& core() const { return *core_; }
  const KvStore& store() const { return store_; }
  NodeMetrics Metrics() const;
  bool leads() const { return leads_; }
  // Begins to make this node the primary of `epoch`. When its core is ready (core.h), what `make`
  // builds from its state takes its place. `told`, in a turn of the node: it leads now, or why it
  // does not. Where it cannot be begun, nothing has changed.
  using MakeCore = absl::AnyInvocable<std::unique_ptr<Core>(const CoreStart&)>;
  using Told = absl::AnyInvocable<void(absl::Status)>;
  void Promote(Epoch epoch, MakeCore make, Told told);
  // Ends a promotion that is under way: its caller gets an error that says `why`.
  void AbandonPromotion(const absl::Status& why);

  // --- for the log device ---
  // Appends the batch, or the part of it before a failpoint; what is left of it is `rest`.
  struct Stop {
    Failpoints::Match match;
    BatchPtr rest;  // null: nothing
  };
  absl::StatusOr<std::optional<Stop>> WriteUntilFailpoint(const BatchPtr& batch);
  // Whether a failpoint fires before, or after, the flush of the writes in [first, last].
  std::optional<Failpoints::Match> PassFlush(bool after, Lsn first, Lsn last);
  // Writes into the trace that this node ends or stops there: right before it does.
  void RecordFailpoint(Lsn lsn);
  // A flush begins; it has ended, and is written into the trace. One at a time.
  void FlushBegins() { flush_begun_ = host_.TraceTime(); }
  void FlushEnded(Lsn last, uint64_t device_bytes);

 private:
  void StepCore(Event event);
  void Execute(Effect& effect);
  void ContinuePromotion();
  void HandOver();

  void On(AppendLog& append);
  void AppendBatch(BatchPtr batch, FlushMode flush);
  bool WriteBatch(const BatchPtr& batch, FlushMode flush);
  void WaitForRoom(AppendLog append);
  void WriteWaiting();
  void DropWaiting();
  void StorageFailed(const absl::Status& why);
  void End();
  void On(const FlushLog&);
  void On(const TruncateLog& truncate);
  void On(const ReadRecords& read);
  void On(const SaveEpoch& save);
  void On(ApplyRecords& apply);
  void On(const Dial& dial) { outside_.Dial(dial.stream, dial.primary); }
  void On(Send& send);
  void SendBatch(StreamId stream, const Append& append);
  void SendAck(StreamId stream, const Ack& ack);
  void On(const CloseStream& close) { outside_.Close(close.stream); }
  void On(const Announce& announce) { outside_.Announce(announce.peer, announce.epoch); }
  void On(const AnswerWrite& answer);
  void On(const AnswerRead& answer);
  void On(const PassedGate& passed);
  void On(const Trace& trace) { Record(trace.kind, trace.peer, trace.epoch, trace.lsn); }

  void ApplyBatch(const RecordBatch& batch, Lsn first, Lsn last);
  absl::Status ApplyFromLog(Lsn last);
  absl::StatusOr<RequestTable> RequestsOfLog();
  absl::Status RebuildStore();
  void Record(TraceKind kind, const NodeId& peer, Epoch epoch, Lsn lsn);
  void RecordNow(TraceKind kind, Lsn lsn, uint64_t bytes = 0, uint32_t epoch = 0);
  void RecordStall();
  void RecordWallLag(Lsn applied);
  uint64_t BytesAt(Lsn lsn);

  // The loop's own I/O from here to the end of the scope.
  class OwnIo {
   public:
    explicit OwnIo(Node& node) : node_(node), begin_(node.host_.LoopTime()) {}
    ~OwnIo() { node_.stalled_ += node_.host_.LoopTime() - begin_; }
    OwnIo(const OwnIo&) = delete;
    OwnIo& operator=(const OwnIo&) = delete;

   private:
    Node& node_;
    const Instant begin_;
  };

  Point RolePoint(Point primary, Point replica) const { return leads_ ? primary : replica; }
  // Stops the node at a failpoint. `rest` is what remains of the effect it fired in.
  void Halt(Failpoints::Match match, Point point, std::optional<Effect> rest);

  const Options options_;
  NodeStorage& storage_;
  Outside& outside_;
  Failpoints& failpoints_;
  TraceSink* const trace_;
  NodeHost& host_;

  std::deque<Item> backlog_;
  std::deque<Effect> todo_;
  std::deque<Event> local_;  // events that effects caused in this turn
  // There was no room for the first of these; tried again at retry_at_. Ascending.
  std::deque<AppendLog> waiting_;
  Instant retry_at_;
  bool truncating_ = false;    // the log was cut, and the core has not heard of it yet
  bool rest_is_void_ = false;  // of the effects: an earlier one failed
  std::string failure_;  // of the log; the node ends when the core has said what there is to say
  struct BeingPromoted {
    MakeCore make;
    Told told;
  };
  std::optional<BeingPromoted> being_promoted_;
  bool halted_ = false;
  std::unique_ptr<Core> core_;
  std::atomic<bool> leads_{false};
  KvStore store_;
  WallClock wall_clock_;
  Instant applied_stamp_;  // of the record applied last, by its primary's wall clock
  ByteIndex bytes_;
  AnswerCounts answers_;
  Lsn acked_;  // last position an ack told, for replica.ack
  uint64_t steps_ = 0;
  Nanos stalled_{0};       // by its own I/O in this turn
  Nanos short_stalls_{0};  // in turns before it, not yet recorded
  Nanos worst_short_stall_{0};
  Instant flush_begun_;  // the log device's
};

}  // namespace replsim
