#include "simulator/cluster/postgres/replication_tap.h"

#include <array>
#include <utility>

#include "simulator/cluster/postgres/replication_stream.h"

namespace replsim {
namespace {

// Reports a stage when its position grows.
class StageReporter {
 public:
  StageReporter(NodeId node, NodeId peer, TraceKind stage)
      : node_(std::move(node)), peer_(std::move(peer)), stage_(stage) {}

  void Report(uint64_t position, Instant when, const ForeignSystem::StepSink& sink) {
    if (position <= last_) return;
    last_ = position;
    StageStep step;
    step.node = node_;
    step.stage = stage_;
    step.peer = peer_;
    step.when = when;
    step.native = position;
    sink(step);
  }

 private:
  const NodeId node_;
  const NodeId peer_;
  const TraceKind stage_;
  uint64_t last_ = 0;
};

// From the primary: WAL.
class WalTap final : public PipeTap {
 public:
  WalTap(const NodeId& standby, const NodeId& primary, ForeignSystem::StepSink sink)
      : sink_(std::move(sink)),
        sent_(primary, standby, TraceKind::kSend),
        received_(standby, NodeId(), TraceKind::kAppend),
        sending_(/*from_client=*/false, Handlers(&sent_)),
        arriving_(/*from_client=*/false, Handlers(&received_)) {}

  void OnSent(absl::string_view bytes, Instant when) override {
    now_ = when;
    sending_.Take(bytes);
  }
  void OnArrived(absl::string_view bytes, Instant when) override {
    now_ = when;
    arriving_.Take(bytes);
  }

 private:
  ReplicationStream::Handlers Handlers(StageReporter* reporter) {
    return {[this, reporter](const ReplicationStream::WalData& wal) {
              reporter->Report(wal.end, now_, sink_);
            },
            nullptr};
  }

  const ForeignSystem::StepSink sink_;
  Instant now_;
  StageReporter sent_;
  StageReporter received_;
  ReplicationStream sending_;
  ReplicationStream arriving_;
};

// The standby's reports.
class StatusTap final : public PipeTap {
 public:
  StatusTap(const NodeId& standby, const NodeId& primary, ForeignSystem::StepSink sink)
      : sink_(std::move(sink)),
        own_{{{standby, NodeId(), TraceKind::kWrite},
              {standby, NodeId(), TraceKind::kFlush},
              {standby, NodeId(), TraceKind::kApply}}},
        seen_{{{primary, standby, TraceKind::kPeerWrite},
               {primary, standby, TraceKind::kPeerFlush},
               {primary, standby, TraceKind::kPeerApply}}},
        sending_(/*from_client=*/true, Handlers(&own_)),
        arriving_(/*from_client=*/true, Handlers(&seen_)) {}

  void OnSent(absl::string_view bytes, Instant when) override {
    now_ = when;
    sending_.Take(bytes);
  }
  void OnArrived(absl::string_view bytes, Instant when) override {
    now_ = when;
    arriving_.Take(bytes);
  }

 private:
  using Reporters = std::array<StageReporter, 3>;
  ReplicationStream::Handlers Handlers(Reporters* reporters) {
    return {nullptr, [this, reporters](const ReplicationStream::StandbyStatus& status) {
              (*reporters)[0].Report(status.write, now_, sink_);
              (*reporters)[1].Report(status.flush, now_, sink_);
              (*reporters)[2].Report(status.apply, now_, sink_);
            }};
  }

  const ForeignSystem::StepSink sink_;
  Instant now_;
  Reporters own_;
  Reporters seen_;
  ReplicationStream sending_;
  ReplicationStream arriving_;
};

}  // namespace

std::unique_ptr<PipeTap> NewReplicationTap(const NodeId& dialler, const NodeId& listener,
                                           Relay::Direction direction,
                                           ForeignSystem::StepSink sink) {
  if (direction == Relay::Direction::kToClient) {
    return std::make_unique<WalTap>(dialler, listener, std::move(sink));
  }
  return std::make_unique<StatusTap>(dialler, listener, std::move(sink));
}

}  // namespace replsim
