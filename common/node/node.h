// Runs a core: steps it, and executes its effects on the log, the store and the outside. Every
// effect first passes the failpoints. While the node is stopped at a failpoint, nothing is
// executed. Live runs and virtual time use the same code; node_host.h is the interface to the host.
//
// Single-threaded, except for the functions that the log device may call from its own thread. The
// node owns the core and the store; storage and host belong to the caller. The core can be replaced
// by one of the other role while the node runs (promotion and demotion).
#pragma once

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
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
    std::vector<NodeId> nodes;  // all nodes, in the order in which stage traces number them
    // The failpoint replica.ack counts flushed writes (true) or written ones (false). False if the
    // replica never flushes (sync: os), because it would then never fire.
    bool acks_tell_flush = true;
    // Steps of the core between two checks of its invariants. The default keeps the cost of the
    // checks low in live runs. Virtual runs check after every step.
    uint64_t steps_per_check = 1024;
  };
  using Work = absl::AnyInvocable<void(Node&)>;
  using Item = std::variant<Event, Work>;

  // All must outlive the node; `trace` may be null. Rebuilds the store from the log.
  Node(Options options, NodeStorage& storage, Outside& outside, Failpoints& failpoints,
       TraceSink* trace, NodeHost& host);
  ~Node() {
    AbandonRoleChange(absl::AbortedError(id_.name() + " died before it changed its role"));
  }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // The recovered state with which the first core starts.
  CoreStart start() const;
  // Functions that build the core for a change of role. `primary` leads the epoch, with the given
  // followers as the first members of its sync set. `replica` follows the given primary; empty:
  // none yet. If one is null, the node does not take that role.
  struct Cores {
    std::function<std::unique_ptr<Core>(const CoreStart&, Epoch, std::vector<NodeId>)> primary;
    std::function<std::unique_ptr<Core>(const CoreStart&, const NodeId&)> replica;
  };
  // Begins to run `core`. `leads`: the core is a primary.
  void Run(std::unique_ptr<Core> core, bool leads, Cores cores);

  // Queues an event or a function for the next turn.
  void Add(Item item) { backlog_.push_back(std::move(item)); }
  // Handles all queued items and their effects, until nothing is left to do at this time. Does
  // nothing while the node is stopped at a failpoint.
  void Turn();
  // Ends the stop at a failpoint. The next Turn continues where the node stopped.
  void Resume() { halted_ = false; }
  // Sets the node's wall clock, with which this core and later ones stamp records.
  void SetWallClock(const WallClock& clock);
  // The time at which Turn must be called next; kNever: none, or the node is stopped.
  Instant NextTimer() const {
    return halted_ ? kNever : std::min(core_->NextTimer(), waiting_.empty() ? kNever : retry_at_);
  }

  Core& core() { return *core_; }
  const Core& core() const { return *core_; }
  const KvStore& store() const { return store_; }
  NodeMetrics Metrics() const;
  bool leads() const { return leads_; }

  // --- changes of role ---
  // Promote begins to make this node the primary of `epoch`. BecomeReplica begins to make a fenced
  // primary a replica of `primary`. When the core is ready (core.h), the node replaces it. `told`
  // is called once, in a turn of the node: with OK when the node has the new role, or with the
  // reason why it has not. If the change cannot begin, `told` is called at once and nothing
  // changes.
  //
  // The core itself begins a promotion after an election (Lead), and a demotion when it has stopped
  // leading (StepDown). The node then tells its host (NodeHost::Elected, SteppedDown).
  using Told = absl::AnyInvocable<void(absl::Status)>;
  void Promote(Epoch epoch, std::vector<NodeId> followers, Told told);
  void BecomeReplica(const NodeId& primary, Told told);
  // Makes the core stop leading (Core::GiveUpLead).
  absl::Status GiveUpLead();
  // Shuts the node down in order: when it returns OK, the log is flushed and the folder marked as
  // clean (NodeStorage::MarkClean). The node does nothing more. An error says why the shutdown is
  // not clean: the node is stopped at a failpoint, its log has failed or lacks records that wait
  // for space, or it has not caught up since an unclean shutdown.
  absl::Status ShutDown();
  // Ends a change of role that is in progress; its `told` is called with `why`.
  void AbandonRoleChange(const absl::Status& why);

  // --- for the log device ---
  // Appends the batch to the log, or the part of it before a failpoint that fires.
  struct Stop {
    Failpoints::Match match;
    BatchPtr rest;  // the part that was not appended; null: none
  };
  absl::StatusOr<std::optional<Stop>> WriteUntilFailpoint(const BatchPtr& batch);
  // Whether a failpoint fires before, or after, the flush of the writes in [first, last].
  std::optional<Failpoints::Match> PassFlush(bool after, Lsn first, Lsn last);
  NodeTrace& trace() { return trace_; }

 private:
  void StepCore(Event event);
  void Execute(Effect& effect);   // up to a failpoint that fires
  void CarryOut(Effect& effect);  // completely
  using MakeCore = absl::AnyInvocable<std::unique_ptr<Core>(const CoreStart&)>;
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
  void On(const AnswerPeer& answer) { outside_.AnswerPeer(answer.ask, answer.answer); }
  void On(const Lead& lead);
  void On(const StepDown&);
  void On(AnswerWrite& answer);
  void AddOutcome(AnswerWrite& answer) const;
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
  const std::vector<NodeId> nodes_;
  const uint64_t steps_per_check_;
  NodeStorage& storage_;
  Outside& outside_;
  NodeHost& host_;
  FailpointGate gate_;
  NodeTrace trace_;

  std::deque<Item> backlog_;
  std::deque<Effect> todo_;  // effects left over when a failpoint stopped the node
  std::deque<Event> local_;  // events that effects caused in this turn
  // Appends that wait for disk space, ascending in LSN. The first is retried at retry_at_.
  std::deque<AppendLog> waiting_;
  Instant retry_at_;
  bool truncating_ = false;  // the log was truncated, and LogTruncated has not arrived yet
  bool drop_remaining_effects_ = false;  // an effect failed: the effects after it are dropped
  std::string failure_;                  // why the log failed; the node ends after this turn
  struct PendingRole {
    MakeCore make;
    Told told;
  };
  std::optional<PendingRole> pending_role_;
  bool halted_ = false;
  std::unique_ptr<Core> core_;
  Cores cores_;
  std::atomic<bool> leads_{false};
  KvStore store_;
  WallClock wall_clock_;
  std::optional<ApplyDelayChanged> apply_delay_;  // outlives the core, as the clock does
  Instant applied_stamp_;  // of the record applied last, on its primary's wall clock
  AnswerCounts answers_;
  uint64_t steps_ = 0;
};

}  // namespace replsim
