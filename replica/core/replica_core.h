// The replica's protocol: dials its primary, cuts its log back to where the two agree, appends what
// it is sent, applies when it may, and reports its positions. Single-threaded; see core.h for how a
// core is used.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <variant>

#include "common/protocol/core.h"
#include "common/protocol/flush_schedule.h"
#include "common/protocol/knobs.h"
#include "common/protocol/read_waiters.h"
#include "common/protocol/recent_log.h"

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
  Promotion promotion() const override;
  CoreStart HandOver(Effects* out) override;

 private:
  struct Disconnected {
    Instant retry_at;
  };
  struct Dialing {  // also: connected, and waiting for the welcome
    StreamId stream;
    Instant since;
  };
  struct Truncating {  // the welcome told us to cut; the log is doing it
    StreamId stream;
    Welcome welcome;
  };
  struct Streaming {
    StreamId stream;
    std::set<Stage> prompt;
    Ack reported;
    Instant reported_at;
    bool owes_ack = true;
  };
  struct Promoting {  // to lead `next`: follows nobody any more
    Epoch next;
    Instant ready_at;  // not before
  };
  struct Failed {
    std::string why;
  };

  void On(WriteRequest& write);
  void On(ReadRequest& read);
  void On(TicketRequest& asked);
  void On(const StreamOpened& opened);
  void On(const StreamClosed& closed);
  void On(MessageReceived& received);
  void On(const AnnounceAnswered&) {}
  void On(const AnnounceReceived& received);
  void On(const LogWritten& written);
  void On(const LogFlushed& flushed);
  void On(const LogFailed& failed);
  void On(const LogFull&) { disk_full_ = true; }
  void On(const LogHasRoom&) { disk_full_ = false; }
  void On(const RecordsRead&) {}
  void On(const LogTruncated& truncated);
  void On(const Applied& applied);
  void On(const FollowRequest& follow);
  void On(const ApplyDelayChanged& changed);
  void On(const WallClockSet&) {}
  void On(const TimerFired&) {}

  void Accept(StreamId stream, Welcome welcome);
  void BeginStreaming(StreamId stream, const Welcome& welcome);
  void Receive(Streaming& streaming, const Append& append);
  void Follow(const NodeId& primary, Epoch epoch);
  void HangUp();  // the present stream, if any; dials again after the redial interval
  void Disconnect(Instant retry_at);
  StreamId stream() const;          // 0: none
  bool IsStale(Epoch epoch) const;  // of who leads no more

  void DialIfDue();
  void ApplyAllowed();
  void FlushIfDue();
  void Report();
  Ack Positions() const;
  Lsn ApplyTarget() const;
  bool IsDrained() const;  // of Promoting
  void Emit(Effect effect) { effects_.push_back(std::move(effect)); }
  void EmitTrace(TraceKind kind, Lsn lsn) { Emit(Trace{kind, NodeId(), epoch_, lsn}); }

  const ReplicaOptions options_;
  const NodeId id_;
  NodeId primary_;
  Epoch epoch_;
  EpochHistory history_;
  std::variant<Disconnected, Dialing, Truncating, Streaming, Promoting, Failed> state_;
  Instant now_;
  StreamId next_stream_{1};

  Lsn first_;  // of the log
  // Invariant: flush_ ≤ write_ ≤ last_, applied_ ≤ apply_asked_ ≤ last_.
  Lsn last_;  // received
  Lsn write_;
  Lsn flush_;
  Lsn apply_asked_;
  Lsn applied_;
  Lsn commit_;                         // as the primary last announced it
  std::optional<Instant> last_heard_;  // from a primary it follows or has followed
  uint64_t truncated_entries_ = 0;
  uint64_t cuts_ = 0;  // of the log; each may take back what was applied
  bool disk_full_ = false;

  Nanos apply_delay_;
  Instant next_apply_ = kNever;  // with a delay: when the next entry will have been applied
  FlushSchedule flushes_;
  RecentLog recent_;
  ReadWaiters reads_;
  Effects effects_;

  struct Checked {
    Epoch epoch;
    Lsn flush, applied;
    uint64_t cuts = 0;
  } checked_;
};

}  // namespace replsim
