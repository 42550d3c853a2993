// The replica's protocol: dials its primary, truncates its log to the last position at which the
// two logs agree, appends the records it receives, applies them when the mode allows, and reports
// its positions. Single-threaded; core.h says how a core is used.
//
// The core orders its parts and holds the epoch; each part is a state machine of its own:
//
//   PrimaryLink   the primary it follows, and the handshake from the dial to the stream
//   Receiver      the log: received, written and flushed positions
//   Applier       the store: the applied position, and the apply delay
//   AckSchedule   when positions are reported
//   ReadWaiters   reads that wait for a position
//   Election      when it stands as the primary, and for whom it votes (common/election)
//
// The core follows until a promotion begins (Promoting) or its log fails (Failed). A promotion is
// given up if a primary of a higher epoch appears, or if this node votes in a higher epoch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "common/election/election.h"
#include "common/protocol/core.h"
#include "common/protocol/knobs.h"
#include "common/protocol/read_waiters.h"
#include "replica/core/ack_schedule.h"
#include "replica/core/applier.h"
#include "replica/core/primary_link.h"
#include "replica/core/receiver.h"

namespace replsim {

// replica/config/replica_options.h sets the knobs, the primary, heartbeat_timeout and apply_delay
// from a node's configuration. The other fields keep their defaults.
struct ReplicaOptions {
  // When a record may be applied (replication.replica_apply).
  ReplicaApply apply_when = ReplicaApply::kOnReceive;
  DurabilityKnobs durability;
  FailoverKnobs failover;
  ElectionOptions election;
  NodeId primary;  // the primary to follow first; empty: none yet
  // The stream is closed after this much silence of the primary, also during the handshake.
  Nanos heartbeat_timeout = Millis(1000);
  // Time between the end of a stream and the next dial. Short, so that reconnects are quick.
  Nanos redial_interval = Millis(50);
  // Longest delay of an acknowledgement of positions that no gate waits for. It limits the messages
  // of stages that only observers need.
  Nanos report_interval = Millis(10);
  // Time per entry, which simulates a slow replica. 0: records are applied at once.
  Nanos apply_delay{0};
  // Bytes of received records kept in memory for the store; older ones are read from the log.
  uint64_t recent_bytes_max = 16 << 20;
};

class ReplicaCore final : public Core {
 public:
  ReplicaCore(ReplicaOptions options, const CoreStart& start, Instant now);

  void Step(Instant now, Event event) override;
  Effects TakeEffects() override;
  Instant NextTimer() const override;
  void CheckInvariants() override;
  CoreDescription Describe() const override;
  CoreMetrics Metrics() const override;
  absl::Status BeginPromotion(Instant now, Epoch next) override;
  absl::Status BeginDemotion() override;
  RoleChange role_change() const override;
  CoreStart HandOver(Effects* out) override;

 private:
  struct Following {};
  struct Promoting {  // to lead epoch `next`; follows no primary
    Epoch next;
    Instant ready_at;  // earliest time of the hand-over (failover.promotion_time)
  };
  struct Failed {
    std::string why;
  };

  // --- clients ---
  void On(WriteRequest& write);
  void On(ReadRequest& read);
  void On(TicketRequest& asked);

  // --- the primary (replica_handshake.cc) ---
  void On(const StreamOpened& opened);
  void On(const StreamClosed& closed);
  void On(MessageReceived& received);
  void On(const FollowRequest& follow) { Follow(follow.primary, follow.epoch); }
  void On(const LogTruncated& truncated);
  void HandleWelcome(StreamId stream, Welcome welcome);
  void BeginStreaming(StreamId stream, const Welcome& welcome);
  void HandleAppend(StreamId stream, const Append& append);
  void Follow(const NodeId& primary, Epoch epoch);
  void Disconnect(Instant retry_at);
  bool IsStale(Epoch epoch) const;  // lower than an epoch that this node knows

  // --- elections (replica_election.cc) ---
  void On(const PeerAsked& asked);
  void On(const PeerAnswered& answered);
  void On(const StandRequest&) { election_.StandNow(/*hand_over=*/false); }
  void On(const SwitchoverRequest&) {}
  bool Votes(const NodeId& candidate, const VoteRequest& request);
  void Adopt(Epoch epoch, NodeId voted_for);
  void LeavePrimary();
  void TakePartInElection();
  void Stand();
  void AskForVotes(VoteRequest request);
  bool CouldLead(Epoch epoch) const;
  bool AcceptsPick(const NodeId& picker, const PickRequest& pick);
  bool MayStand() const;
  bool IsEligible() const;
  // The vote that a node holds whose epoch has a primary: no other node can lead that epoch.
  NodeId VoteFor(const NodeId& primary) const {
    return election_.knobs().on() ? primary : NodeId();
  }
  Position End() const { return {history_.EpochAt(log_.last()), log_.last()}; }

  // --- own storage ---
  void On(const LogWritten& written);
  void On(const LogFlushed& flushed);
  void On(const LogFailed& failed);
  void On(const LogFull&) { disk_full_ = true; }
  void On(const LogHasRoom&) { disk_full_ = false; }
  void On(const RecordsRead&) {}
  void On(const Applied& applied);

  // --- control ---
  void On(const ApplyDelayChanged& changed) { applier_.SetDelay(changed.per_entry); }
  void On(const WallClockSet&) {}
  void On(const TimerFired&) {}

  void ApplyAllowed();
  void Report();
  Ack Positions() const;
  Lsn ApplyTarget() const;
  bool IsDrained() const;  // while Promoting
  bool failed() const { return std::holds_alternative<Failed>(state_); }
  void Emit(Effect effect) { effects_.push_back(std::move(effect)); }
  void EmitTrace(TraceKind kind, Lsn lsn) { Emit(Trace{kind, NodeId(), epoch_, lsn}); }

  const ReplicaOptions options_;
  const NodeId id_;
  Epoch epoch_;
  NodeId voted_for_;  // in epoch_; the primary of epoch_ if that is known
  EpochHistory history_;
  std::variant<Following, Promoting, Failed> state_;
  Instant now_;
  const Lsn first_;  // of the log
  PrimaryLink link_;
  Instant heard_;  // Append.time of the newest message of the primary
  Receiver log_;
  uint64_t log_bytes_;  // encoded size of the log up to log_.last()
  Applier applier_;
  AckSchedule acks_;
  ReadWaiters reads_;
  Election election_;
  bool unclean_;  // it may lack what it had reported (CoreStart::unclean)
  Lsn commit_;    // the highest commit position that a primary announced, within this log
  bool disk_full_ = false;
  uint64_t truncated_entries_ = 0;
  uint64_t truncations_ = 0;  // after one, positions may have gone back
  Effects effects_;

  struct Checked {
    Epoch epoch;
    NodeId voted_for;
    Lsn flush, applied;
    uint64_t truncations = 0;
  } checked_;
};

}  // namespace replsim
