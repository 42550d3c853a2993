// The replica's protocol: dials its primary, truncates its log to where the two agree, appends what
// it is sent, applies when it may, and reports its positions. Single-threaded; core.h says how a
// core is used.
//
// The core orders its parts and holds the epoch; each part is a state machine of its own:
//
//   PrimaryLink   whom it follows, and the handshake from the dial to the stream
//   Receiver      the log: what was received, written, flushed
//   Applier       the store: what was applied, and the apply delay
//   AckSchedule   when positions are reported
//   ReadWaiters   reads that wait for a position
//
// It follows until a promotion begins (Promoting), or its log fails (Failed).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "common/protocol/core.h"
#include "common/protocol/knobs.h"
#include "common/protocol/read_waiters.h"
#include "replica/core/ack_schedule.h"
#include "replica/core/applier.h"
#include "replica/core/primary_link.h"
#include "replica/core/receiver.h"

namespace replsim {

struct ReplicaOptions {
  ReplicaApply apply_when = ReplicaApply::kOnReceive;
  DurabilityKnobs durability;
  FailoverKnobs failover;
  NodeId primary;  // whom to follow first
  Nanos heartbeat_timeout = Millis(1000);
  Nanos redial_interval = Millis(50);
  Nanos report_interval = Millis(10);    // of positions that no gate waits for
  Nanos apply_delay{0};                  // per entry; a slow replica's
  uint64_t recent_bytes_max = 16 << 20;  // received and not yet applied; beyond, read from the log
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
  struct Promoting {  // to lead `next`: follows no primary any more
    Epoch next;
    Instant ready_at;  // not before
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
  void On(const PeerAsked& asked) {
    Follow(asked.from, std::get<Announcement>(asked.request).epoch);
  }
  void On(const PeerAnswered&) {}
  void On(const FollowRequest& follow) { Follow(follow.primary, follow.epoch); }
  void On(const LogTruncated& truncated);
  void HandleWelcome(StreamId stream, Welcome welcome);
  void BeginStreaming(StreamId stream, const Welcome& welcome);
  void HandleAppend(StreamId stream, const Append& append);
  void Follow(const NodeId& primary, Epoch epoch);
  void Disconnect(Instant retry_at);
  bool IsStale(Epoch epoch) const;  // of a primary that leads no more

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
  bool IsDrained() const;  // of Promoting
  bool failed() const { return std::holds_alternative<Failed>(state_); }
  void Emit(Effect effect) { effects_.push_back(std::move(effect)); }
  void EmitTrace(TraceKind kind, Lsn lsn) { Emit(Trace{kind, NodeId(), epoch_, lsn}); }

  const ReplicaOptions options_;
  const NodeId id_;
  Epoch epoch_;
  EpochHistory history_;
  std::variant<Following, Promoting, Failed> state_;
  Instant now_;
  const Lsn first_;  // of the log
  PrimaryLink link_;
  Receiver log_;
  Applier applier_;
  AckSchedule acks_;
  ReadWaiters reads_;
  Lsn commit_;  // as the primary last announced it
  bool disk_full_ = false;
  uint64_t truncated_entries_ = 0;
  uint64_t truncations_ = 0;  // each may take back what was applied
  Effects effects_;

  struct Checked {
    Epoch epoch;
    Lsn flush, applied;
    uint64_t truncations = 0;
  } checked_;
};

}  // namespace replsim
