// The primary's protocol: gives writes their LSN, logs them, sends them to the followers, and
// releases answers and visibility as the gates are passed. Single-threaded; core.h says how a core
// is used.
//
// The core orders its parts and holds the epoch; each part is a state machine of its own:
//
//   WriteQueue    writes from their arrival until they have passed both gates
//   Gates         how far writes are acknowledged and shown; the only place that knows the mode
//   Feed          streams to the followers, flow control, announcements (common/feed)
//   WitnessPulse  announcements to the witnesses, and when these answered
//   InSyncSet     the published set of nodes that have every acknowledged write
//   WriteWaiters  clients that wait for a write which another request logged
//   OutcomeWaiters  answers that say whether a conditional write took effect
//   ReadWaiters   reads that wait for a position
//
// The core leads until it is fenced or has failed, and never again after that. It is fenced when it
// learns of a higher epoch, when too few nodes answer, or when it is told to stop. It has failed
// when its log fails. A fenced core can hand over to the core of a replica; with rejoin: follow it
// asks for that itself.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "common/feed/feed.h"
#include "common/feed/recent_log.h"
#include "common/protocol/core.h"
#include "common/protocol/flush_schedule.h"
#include "common/protocol/knobs.h"
#include "common/protocol/read_waiters.h"
#include "common/storage/store/request_table.h"
#include "primary/core/disk_watch.h"
#include "primary/core/gates.h"
#include "primary/core/in_sync_set.h"
#include "primary/core/log_positions.h"
#include "primary/core/outcome_waiters.h"
#include "primary/core/takeover.h"
#include "primary/core/witness_pulse.h"
#include "primary/core/write_queue.h"
#include "primary/core/write_times.h"
#include "primary/core/write_waiters.h"

namespace replsim {

// primary/config/primary_options.h sets the knobs, the nodes and the times from a node's
// configuration. The limits in bytes and records keep their defaults; each bounds the memory of one
// queue.
struct PrimaryOptions {
  ReplicationKnobs knobs;
  DurabilityKnobs durability;
  TakeOver take_over = TakeOver::kAtOnce;
  ElectionKnobs election;
  std::vector<NodeId> replicas;   // every other node of the cluster, in id order
  std::vector<NodeId> witnesses;  // vote and hold no data
  // The replicas that count in the sync set from the start. The others join when they connect.
  std::vector<NodeId> members;
  // The epoch is announced repeatedly to nodes that do not follow. True: from the start, because no
  // node can know of the epoch yet (after a promotion). False: after the nodes have had time to
  // dial.
  bool announce = false;
  // A heartbeat is sent on a stream on which nothing else was sent for this long.
  Nanos heartbeat_interval = Millis(100);
  // A stream is dropped after this much silence of the replica. Above heartbeat_interval.
  Nanos heartbeat_timeout = Millis(1000);
  // Time between two announcements to a node that does not follow. The configuration lowers it to
  // half of heartbeat_timeout. A heartbeat_timeout of a minute does not raise it, so that a node
  // that missed an announcement gets the next one soon.
  Nanos announce_interval = Millis(500);
  // Time between two announcements of an in-sync set that is not stored yet. Short, because writes
  // may wait for it.
  Nanos publish_interval = Millis(50);
  // Limits on the records in flight to one replica (common/feed/follower_progress.h).
  SendWindow window;
  // Bytes of recent records kept in memory for the replicas; older records are read from the log.
  uint64_t recent_bytes_max = 8 << 20;
  // Bytes of one read of the log for a replica that is further behind.
  uint64_t read_bytes_max = 256 << 10;
  // Limits on the writes that have not passed both gates, including those that wait for their key.
  // At a limit, new writes are rejected as overloaded.
  uint64_t pending_records_max = 1 << 18;
  uint64_t pending_bytes_max = 256 << 20;
  // How long a switchover may hold back writes.
  Nanos switchover_timeout = Millis(2000);
};

class PrimaryCore final : public Core {
 public:
  // Leads `epoch`, which must be higher than any epoch this node has seen, or the one in which this
  // node was elected. The epoch begins after start.last. Inherited records (recovered, or received
  // as a replica) are visible and count as committed at once, as in PostgreSQL. With take_over:
  // own-record, they do so when a record of this epoch has passed the gates.
  PrimaryCore(PrimaryOptions options, const CoreStart& start, Epoch epoch, Instant now);

  void Step(Instant now, Event event) override;
  Effects TakeEffects() override;
  Instant NextTimer() const override;
  void CheckInvariants() override;
  CoreDescription Describe() const override;
  CoreMetrics Metrics() const override;
  absl::Status GiveUpLead(Instant now) override;
  absl::Status BeginPromotion(Instant now, Epoch next) override;
  absl::Status BeginDemotion() override;
  RoleChange role_change() const override;
  CoreStart HandOver(Effects* out) override;

 private:
  struct Leading {};
  struct Fenced {
    Epoch by;        // highest epoch known; this node's own if it has lost its lead
    Refused why;     // the answer to writes
    NodeId primary;  // of `by`; empty: not known
    // Until then it still sends its followers the rest of its log; absent: it has left them.
    std::optional<Instant> sends_until;
  };
  struct Failed {
    std::string why;
  };

  // --- clients (primary_requests.cc) ---
  void On(WriteRequest& write);
  void On(ReadRequest& read);
  void On(TicketRequest& asked);
  void Accept(WriteRequest& write);
  void Admit(WriteRequest& write);
  void LogRecord(absl::string_view command, RequestId client);
  void BeginWithOwnRecord();
  void AnswerTicket(RequestId id, Position ticket, bool watch);
  void AnswerAgain(const WriteRequest& write, const RequestTable::Last& held);

  // --- peers ---
  void On(const StreamOpened&) {}
  void On(const StreamClosed& closed);
  void On(MessageReceived& received);
  void On(const PeerAsked& asked);
  void On(const PeerAnswered& answered);
  void On(const FollowRequest& follow);
  void On(const StandRequest&) {}  // it leads
  void On(const SwitchoverRequest& request);
  void HandleHello(StreamId stream, const Hello& hello);
  void HandleAck(StreamId stream, const Ack& ack);

  // --- switchover (primary_switchover.cc) ---
  void GiveUpLateSwitchover();
  void HandOverToPreferred();
  void HandOverIfSettled();
  void GiveUpLease();

  // --- own storage ---
  void On(const LogWritten& written);
  void On(const LogFlushed& flushed);
  void On(const LogFailed& failed);
  void On(const LogFull&) { disk_full_ = true; }
  void On(const LogHasRoom&) { disk_full_ = false; }
  void On(const LogTruncated&) {}
  void On(const RecordsRead& read);
  void On(const Applied& applied);

  // --- control ---
  void On(const ApplyDelayChanged&) {}
  void On(const WallClockSet& set) { wall_clock_ = set.clock; }
  void On(const TimerFired&) {}

  // --- the consequences of new positions, once per TakeEffects (primary_advance.cc) ---
  void UpdateInSyncSet();
  void AnnounceToWitnesses();
  void AdvanceWrites();
  void SealBatch();
  void LogAllowed();
  void ApplyTimeouts();
  void AnswerCommitted();
  bool GrantKeys();
  void ApplyVisible();
  void FlushIfDue();
  Feed::Limits FeedLimits() const;

  // --- the end of leading (primary_step_down.cc) ---
  bool leading() const { return std::holds_alternative<Leading>(state_); }
  Epoch known_epoch() const {
    const auto* fenced = std::get_if<Fenced>(&state_);
    return fenced == nullptr ? epoch_ : fenced->by;
  }
  void FenceBy(Epoch epoch, const NodeId& primary = NodeId());
  void LoseLeadIfDue();
  void StepDownFromLead();
  Instant LosesLeadAt() const;
  Instant DiskFailsAt() const;
  Instant LeaseEndsAt() const;
  Instant NthNewest(size_t others, Instant (FollowerProgress::*of_follower)() const,
                    Instant WitnessPulse::Heard::*of_witness) const;
  size_t BindingVotersNeeded() const;
  size_t nodes() const { return feed_.followers().size() + witnesses_.heard().size() + 1; }
  void StopLeading(Refused why);
  void AnswerAll(Refused why);
  bool sends_rest() const;
  void SendRest();
  void LeaveFollowers();

  void Emit(Effect effect) { effects_.push_back(std::move(effect)); }
  void EmitTrace(TraceKind kind, Lsn lsn) { Emit(Trace{kind, NodeId(), epoch_, lsn}); }

  const PrimaryOptions options_;
  const NodeId id_;
  const Epoch epoch_;
  const Instant began_;
  const Instant lease_from_;    // the votes that elected it are a lease from then on
  const StreamId next_stream_;  // for the core of the replica that this node may become
  EpochHistory history_;
  std::variant<Leading, Fenced, Failed> state_;
  Instant now_;
  WallClock wall_clock_;
  const Lsn first_;  // of the log
  LogPositions log_;
  uint64_t log_bytes_;  // encoded size of the log up to log_.append
  RecentLog recent_;
  WriteQueue queue_;
  RequestTable requests_;  // of the whole log and of writes that are not logged yet
  Feed feed_;
  WitnessPulse witnesses_;
  std::optional<InSyncSet> in_sync_;  // with sync_set: in-sync
  Gates gates_;
  WriteWaiters waiters_;
  OutcomeWaiters outcomes_;
  ReadWaiters reads_;
  FlushSchedule flushes_;
  Lsn flush_asked_;  // of the log
  DiskWatch disk_;
  bool disk_full_ = false;
  // A switchover in progress.
  struct Switchover {
    NodeId target;  // empty: not chosen yet
    Instant until;
    bool asked = false;                   // the target was told to take the lead
    std::vector<WriteRequest> held_back;  // writes that arrived meanwhile
  };
  std::optional<Switchover> switchover_;
  Takeover takeover_;
  WriteTimes write_times_;  // this and gate_waits_ are for observers; no decision uses them
  WaitTimes gate_waits_;
  Effects effects_;

  struct Checked {
    Lsn flush, commit, visible, applied;
  } checked_;
};

}  // namespace replsim
