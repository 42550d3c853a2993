// Carries out what a core asks for: steps it, and executes its effects on the log, the store and
// the outside. Every effect first passes the gate of the failpoints; nothing is executed while the
// node stands at one. The same code live and in virtual time;
// what runs it is behind node_host.h.
//
// Single-threaded but for what is there for the log device, which may call it from its own thread.
// The core can be replaced by one of the other role while the node runs: that is what promotion and
// its reverse are.
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
#include "common/node/failpoint_gate.h"
#include "common/node/failpoints.h"
#include "common/node/node_host.h"
#include "common/node/node_metrics.h"
#include "common/node/node_storage.h"
#include "common/node/node_trace.h"
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
  ~Node() {
    AbandonRoleChange(absl::AbortedError(id_.name() + " died before it changed its role"));
  }
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

  // --- changes of role ---
  // Begins to make this node the primary of `epoch`, or a replica if it is a fenced primary. When
  // the core is ready (core.h), the core that `make` builds from its state takes its place. `told`,
  // in a turn of the node: the node has the other role now, or why it does not. If the change
  // cannot begin, nothing has changed.
  using MakeCore = absl::AnyInvocable<std::unique_ptr<Core>(const CoreStart&)>;
  using Told = absl::AnyInvocable<void(absl::Status)>;
  void Promote(Epoch epoch, MakeCore make, Told told);
  void BecomeReplica(MakeCore make, Told told);
  // Ends a change of role that is under way: its caller gets an error that says `why`.
  void AbandonRoleChange(const absl::Status& why);

  // --- for the log device ---
  // Appends the batch, or the part of it before a failpoint; what is left of it is `rest`.
  struct Stop {
    Failpoints::Match match;
    BatchPtr rest;  // null: nothing
  };
  absl::StatusOr<std::optional<Stop>> WriteUntilFailpoint(const BatchPtr& batch);
  // Whether a failpoint fires before, or after, the flush of the writes in [first, last].
  std::optional<Failpoints::Match> PassFlush(bool after, Lsn first, Lsn last);
  NodeTrace& trace() { return trace_; }

 private:
  void StepCore(Event event);
  void Execute(Effect& effect);   // as far as the failpoints let it
  void CarryOut(Effect& effect);  // all of it
  void BeginRoleChange(absl::Status begun, MakeCore make, Told told);
  void ContinueRoleChange();
  void HandOver();

  void On(AppendLog& append);
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
  void On(Send& send) { outside_.Send(send.stream, std::move(send.message)); }
  void On(const CloseStream& close) { outside_.Close(close.stream); }
  void On(const AskPeer& ask) { outside_.AskPeer(ask.peer, ask.request); }
  void On(const AnswerWrite& answer);
  void On(const AnswerRead& answer);
  void On(const PassedGate& passed) {
    Record(TraceKind::kCommit, NodeId(), passed.epoch, passed.last);
  }
  void On(const Trace& trace) { Record(trace.kind, trace.peer, trace.epoch, trace.lsn); }

  void ApplyBatch(const RecordBatch& batch, Lsn first, Lsn last);
  absl::Status ApplyFromLog(Lsn last);
  absl::StatusOr<RequestTable> RequestsOfLog();
  absl::Status RebuildStore();
  void Record(TraceKind kind, const NodeId& peer, Epoch epoch, Lsn lsn);
  void RecordWallLag(Lsn applied);
  // Stops the node at a failpoint.
  void Halt(Failpoints::Match match, Point point);

  const NodeId id_;
  const uint64_t steps_per_check_;
  NodeStorage& storage_;
  Outside& outside_;
  NodeHost& host_;
  FailpointGate gate_;
  NodeTrace trace_;

  std::deque<Item> backlog_;
  std::deque<Effect> todo_;
  std::deque<Event> local_;  // events that effects caused in this turn
  // There was no room for the first of these; tried again at retry_at_. Ascending.
  std::deque<AppendLog> waiting_;
  Instant retry_at_;
  bool truncating_ = false;    // the log was cut, and the core has not heard of it yet
  bool rest_is_void_ = false;  // of the effects: an earlier one failed
  std::string failure_;  // of the log; the node ends when the core has said what there is to say
  struct PendingRole {
    MakeCore make;
    Told told;
  };
  std::optional<PendingRole> pending_role_;
  bool halted_ = false;
  std::unique_ptr<Core> core_;
  std::atomic<bool> leads_{false};
  KvStore store_;
  WallClock wall_clock_;
  Instant applied_stamp_;  // of the record applied last, by its primary's wall clock
  AnswerCounts answers_;
  uint64_t steps_ = 0;
};

}  // namespace replsim
