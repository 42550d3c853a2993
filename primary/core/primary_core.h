// The primary's protocol: gives writes their LSN, has them logged, sends them to the replicas, and
// releases answers and visibility as the gates are reached. Single-threaded; see core.h for how a
// core is used.
//
// Everything is a position: what was assigned, logged, written, flushed, applied, what each replica
// reported. A mode decides which of them a gate waits for (gate.h); there is no other difference
// between modes.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "common/protocol/core.h"
#include "common/protocol/flush_schedule.h"
#include "common/protocol/knobs.h"
#include "common/protocol/read_waiters.h"
#include "common/protocol/recent_log.h"
#include "common/storage/store/request_table.h"
#include "primary/core/key_locks.h"
#include "primary/core/protection.h"
#include "primary/core/replica_progress.h"
#include "primary/core/write_times.h"

namespace replsim {

struct PrimaryOptions {
  ReplicationKnobs knobs;
  DurabilityKnobs durability;
  TakeOver take_over = TakeOver::kAtOnce;
  std::vector<NodeId> replicas;  // every other node of the cluster, in id order
  // Those that count in the sync set from the start. The others join when they first connect.
  std::vector<NodeId> members;
  // Nodes that do not follow are told of this epoch, again and again: at once where nobody can know
  // of it yet (after a promotion), else after they have had the time to dial.
  bool announce = false;
  Nanos heartbeat_interval = Millis(100);
  Nanos heartbeat_timeout = Millis(1000);
  // Between two announcements to a node that does not follow. Not the patience with a silent
  // stream, which may be a minute: a node that missed one is to hear the next one soon.
  Nanos announce_interval = Millis(500);
  SendWindow window;
  uint64_t recent_bytes_max = 8 << 20;
  uint64_t read_bytes_max = 256 << 10;     // of one read of the log for a replica behind
  uint64_t pending_records_max = 1 << 18;  // writes not yet past both gates; more are refused
  uint64_t pending_bytes_max = 256 << 20;
};

class PrimaryCore final : public Core {
 public:
  // Leads `epoch`, which must be higher than any this node has seen; it begins after start.last.
  // What it inherits (recovered, or received as a replica) is visible and counts as committed at
  // once, as in PostgreSQL; or, with take_over own-record, once a record of this epoch has passed
  // the gates.
  PrimaryCore(PrimaryOptions options, const CoreStart& start, Epoch epoch, Instant now);

  void Step(Instant now, Event event) override;
  Effects TakeEffects() override;
  Instant NextTimer() const override;
  void CheckInvariants() override;
  CoreDescription Describe() const override;
  CoreMetrics Metrics() const override;
  absl::Status BeginPromotion(Instant now, Epoch next) override;
  Promotion promotion() const override { return Promotion::kNone; }
  CoreStart HandOver(Effects* out) override;

 private:
  struct Leading {};
  struct Fenced {
    Epoch by;
  };
  struct Failed {
    std::string why;
  };
  struct Pending {
    RequestId id;  // 0: nobody waits, or it was answered
    Instant since;
    uint64_t bytes;
  };

  struct Waiter {
    RequestId id;
    bool is_write;  // else it watches a ticket
  };
  static constexpr size_t kWaitersMax = 100'000;

  // One for each event.
  void On(WriteRequest& write);
  void On(ReadRequest& read);
  void On(TicketRequest& asked);
  void On(const StreamOpened&) {}
  void On(const StreamClosed& closed);
  void On(MessageReceived& received);
  void On(const AnnounceAnswered& answered);
  void On(const AnnounceReceived& received);
  void On(const LogWritten& written);
  void On(const LogFlushed& flushed);
  void On(const LogFailed& failed);
  void On(const LogFull&) { disk_full_ = true; }
  void On(const LogHasRoom&) { disk_full_ = false; }
  void On(const RecordsRead& read);
  void On(const LogTruncated&) {}
  void On(const Applied& applied);
  void On(const FollowRequest& follow);
  void On(const ApplyDelayChanged&) {}
  void On(const WallClockSet& set) { wall_clock_ = set.clock; }
  void On(const TimerFired&) {}

  void Accept(WriteRequest& write);
  void Admit(WriteRequest& write);
  uint64_t LogRecord(absl::string_view command);
  void BeginWithOwnRecord();

  void Greet(StreamId stream, const Hello& hello);
  void HandleAck(StreamId stream, const Ack& ack);
  void TrimWriteTimes();
  void TraceAck(const NodeId& peer, const Ack& before, const Ack& after);
  void Disconnect(const NodeId& id, bool close);
  void FenceBy(Epoch epoch);
  void StopLeading(Refused why);

  // primary_requests.cc
  void AnswerTicket(RequestId id, Position ticket, bool watch);
  void AnswerAgain(const WriteRequest& write, const RequestTable::Last& held);
  void Await(RequestId id, Lsn lsn, bool is_write);
  bool IsProtected(Lsn lsn) const;
  bool HasTimedOut(Lsn lsn) const;
  Position PositionOf(Lsn lsn) const { return {history_.EpochAt(lsn), lsn}; }
  void AnswerWaiters();
  void DropWaiters(Refused why);

  // What follows from new positions, in this order, once per TakeEffects.
  void AdvanceWrites();
  void SealBatch();
  void LogAllowed();
  void AdvanceGates();
  void ApplyTimeouts();
  void Answer();
  bool GrantKeys();
  void ApplyVisible();
  void SendAll();
  void SendTo(const NodeId& id, ReplicaProgress& progress);
  void FlushIfDue();
  void AnnounceIfDue();
  void DropSilent();

  bool leading() const { return std::holds_alternative<Leading>(state_); }
  bool degraded() const {
    return options_.knobs.on_timeout == OnTimeout::kDegrade && !protection_.holds();
  }
  bool WaitsForReplicas() const;
  Lsn LocalPosition() const;  // what a replica gate asks of the primary's own log
  Lsn SetAt(Stage stage) const;
  Lsn GateAt(Stage stage, bool with_replicas) const;
  Lsn Sendable() const;
  // What counts as committed where the log has passed a gate up to `reached`: with own-record,
  // nothing before the record of this epoch has.
  Lsn Committed(Lsn reached) const { return reached >= own_record_ ? reached : Lsn(0); }
  Lsn Gated() const;       // both gates
  Lsn SetReached() const;  // by the sync set, at every replica stage that a gate waits for
  void Emit(Effect effect) { effects_.push_back(std::move(effect)); }
  void EmitTrace(TraceKind kind, Lsn lsn, NodeId peer = NodeId());

  const PrimaryOptions options_;
  const NodeId id_;
  const Epoch epoch_;
  EpochHistory history_;
  std::variant<Leading, Fenced, Failed> state_;
  Instant now_;
  WallClock wall_clock_;

  // Invariant: flush_ ≤ write_ ≤ append_ ≤ last_, and applied_ ≤ apply_asked_ ≤ append_.
  Lsn first_;   // of the log
  Lsn last_;    // assigned
  Lsn append_;  // given to the log; behind last_ only with replicas-first
  Lsn write_;
  Lsn flush_;
  Lsn apply_asked_;
  Lsn applied_;
  Lsn commit_;     // the ack gate
  Lsn visible_;    // the visibility gate
  Lsn protected_;  // the ack gate as it would be without degradation
  // The ack gate again, and without degradation, but counted from the log's beginning: what was
  // taken over with the log counts as committed, yet nobody is told so before it has reached them.
  Lsn done_;
  Lsn done_protected_;
  const Lsn taken_over_;
  Lsn own_record_;  // with which the epoch began; 0: without one
  Lsn answered_;    // every waiting client answered up to here
  Lsn timed_out_;   // answered unknown up to here

  std::string building_;  // records of the batch that the next TakeEffects seals
  Lsn building_first_;
  RecentLog recent_;
  std::deque<Pending> pending_;  // writes above Gated(), oldest first
  uint64_t pending_bytes_ = 0;
  Lsn pending_first_;
  KeyLocks locks_;                      // of serialize_keys
  RequestTable requests_;               // of the whole log, and of what is yet to be logged
  std::multimap<Lsn, Waiter> waiters_;  // for writes above done_ that were not logged for them

  std::map<NodeId, ReplicaProgress> replicas_;
  std::map<StreamId, NodeId> streams_;  // greeted ones
  Instant next_announce_;               // to those without a stream
  FlushSchedule flushes_;
  Protection protection_;
  bool refusing_ = false;
  bool disk_full_ = false;
  // For whoever watches; nothing is decided by them.
  WriteTimes write_times_;
  WaitTimes gate_waits_;
  ReadWaiters reads_;
  Effects effects_;

  struct Checked {
    Lsn flush, commit, visible, applied;
  } checked_;
};

}  // namespace replsim
