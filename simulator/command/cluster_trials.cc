#include "simulator/command/cluster_trials.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/check.h"
#include "common/protocol/trace.h"
#include "simulator/cluster/virtual/virtual_cluster.h"
#include "simulator/cluster/virtual/virtual_scheduler.h"
#include "simulator/command/quorum_scenario.h"
#include "simulator/workload/quorum_read.h"

namespace replsim {
namespace {

// Time between two trials. It exceeds every message delay: links are ordered, so late messages of
// one trial would delay the first messages of the next.
constexpr Nanos kApart = Millis(3'600'000);
// A cluster keeps all of its logs and traces, so a new one is started regularly.
constexpr int kTrialsPerCluster = 1000;
constexpr char kKey[] = "k0000";

double ToMs(Nanos time) { return static_cast<double>(time.count()) / 1e6; }

Instant AppliedAt(const std::vector<TraceRecord>& trace, Lsn lsn) {
  const auto applied = std::ranges::find_if(trace, [lsn](const TraceRecord& record) {
    return record.kind == static_cast<uint8_t>(TraceKind::kApply) && record.lsn == lsn.value();
  });
  REPL_CHECK(applied != trace.end(), "no replica traced the apply of ", lsn.value());
  return FromNanos(applied->time_ns);
}

class TrialCluster {
 public:
  TrialCluster(const WarsModel& model, const Quorum& quorum, const Rng& rng);

  int trials() const { return trials_; }
  Trial Next(Rng& rng);

 private:
  // The party that shares a data centre with one of the replicas, if they are apart: the primary,
  // which writes, or the client, which reads.
  struct Party {
    NodeId end;
    LatencyMix to_replica;
    LatencyMix from_replica;
    std::optional<size_t> beside{};
  };
  struct Replica {
    VirtualNode* node;
    Instant applied{};  // when the write of this trial was applied
  };
  struct Heard {
    const Replica* replica;
    Instant served;
  };
  struct Read {
    OperationResult seen;
    Instant ended;
    std::vector<Heard> heard;  // all replicas, in the order of their answers
  };

  template <typename Condition>
  void RunUntil(const Condition& holds) {
    while (!holds()) REPL_CHECK(scheduler_.RunNext(), "no event is left");
  }
  void Wait(Nanos time);
  void Move(Party& party, size_t beside);
  void SetLinks(const Party& party, size_t replica, double remote_ms);
  Position Write();
  Read ReadReplicas();
  void AwaitApplied(Lsn lsn);
  Nanos FreshAfter(const Read& read, Instant asked, Instant written) const;

  const WarsModel model_;
  const Quorum quorum_;
  const proto::Scenario scenario_;
  VirtualScheduler scheduler_;
  VirtualCluster cluster_;
  std::vector<Replica> replicas_;
  Party writer_;
  Party reader_;
  int trials_ = 0;
};

TrialCluster::TrialCluster(const WarsModel& model, const Quorum& quorum, const Rng& rng)
    : model_(model),
      quorum_(quorum),
      scenario_(QuorumScenario(model, quorum)),
      cluster_(scenario_, &scheduler_, rng),
      writer_{NodeId("p"), model.write, model.rest},
      reader_{NodeId("client"), model.rest, model.rest} {
  bool started = false;
  cluster_.Start([&started](const absl::Status& status) {
    REPL_CHECK(status.ok(), status.message());
    started = true;
  });
  RunUntil([&started] { return started; });
  for (const NodeId& id : cluster_.nodes()) {
    if (id != cluster_.primary()) replicas_.push_back({&cluster_.node(id)});
  }
}

Trial TrialCluster::Next(Rng& rng) {
  ++trials_;
  Wait(kApart);
  if (model_.remote_ms > 0) {
    Move(writer_, rng.Below(replicas_.size()));
    Move(reader_, rng.Below(replicas_.size()));
  }
  const Instant begun = scheduler_.Now();
  const Position position = Write();
  const Instant written = scheduler_.Now();
  if (rng.Chance(0.5)) Wait(Nanos(std::llround(1e6 * DrawMs(model_.write, rng))));
  const Instant asked = scheduler_.Now();
  const Read read = ReadReplicas();
  AwaitApplied(position.lsn);
  const Nanos fresh_after = FreshAfter(read, asked, written);
  const Nanos waited = asked - written;
  const bool fresh = read.seen.position == position;
  // Two events at the same instant may have happened in either order.
  REPL_CHECK(waited == fresh_after || fresh == (waited > fresh_after), "a read ", waited.count(),
             " ns after the write's answer saw ", ToString(read.seen.position.value()),
             "; written ", ToString(position), ", to be seen after ", fresh_after.count(), " ns");
  return {ToMs(written - begun), ToMs(read.ended - asked), std::max(0.0, ToMs(fresh_after))};
}

void TrialCluster::Wait(Nanos time) {
  bool over = false;
  scheduler_.At(scheduler_.Now() + time, [&over] { over = true; });
  RunUntil([&over] { return over; });
}

void TrialCluster::Move(Party& party, size_t beside) {
  if (party.beside == beside) return;
  if (party.beside) SetLinks(party, *party.beside, model_.remote_ms);
  SetLinks(party, beside, 0);
  party.beside = beside;
}

void TrialCluster::SetLinks(const Party& party, size_t replica, double remote_ms) {
  const NodeId& id = replicas_[replica].node->id();
  cluster_.SetLink(party.end, id, {.delay = DelayOf(party.to_replica, remote_ms)});
  cluster_.SetLink(id, party.end, {.delay = DelayOf(party.from_replica, remote_ms)});
}

Position TrialCluster::Write() {
  std::optional<OperationResult> written;
  cluster_.Write(/*client=*/1, static_cast<uint64_t>(trials_), kKey, "a value", kNever,
                 [&written](OperationResult result) { written = std::move(result); });
  RunUntil([&written] { return written.has_value(); });
  REPL_CHECK(written->outcome == proto::COMMITTED, "a write was not acknowledged");
  return written->position.value();
}

TrialCluster::Read TrialCluster::ReadReplicas() {
  Read read;
  QuorumRead answers(replicas_.size(), static_cast<size_t>(quorum_.r), [&](OperationResult newest) {
    read.seen = std::move(newest);
    read.ended = scheduler_.Now();
  });
  for (const Replica& replica : replicas_) {
    cluster_.Read(/*client=*/1, replica.node->id(), kKey, ReadMode::kAny, Position(), kNever,
                  [&, from = &replica](OperationResult result) {
                    REPL_CHECK(result.outcome == proto::COMMITTED, "a read was rejected");
                    read.heard.push_back({from, result.served_at});
                    answers.Add(std::move(result));
                  });
  }
  RunUntil([&] { return read.heard.size() == replicas_.size(); });
  return read;
}

void TrialCluster::AwaitApplied(Lsn lsn) {
  RunUntil([&] {
    return std::ranges::all_of(replicas_, [lsn](const Replica& replica) {
      return replica.node->store().applied() >= lsn;
    });
  });
  for (Replica& replica : replicas_) replica.applied = AppliedAt(replica.node->TakeTrace(), lsn);
}

// At least one of the R replicas that counted must hold the write when the read reaches it.
Nanos TrialCluster::FreshAfter(const Read& read, Instant asked, Instant written) const {
  Nanos soonest = Nanos::max();
  for (int i = 0; i < quorum_.r; ++i) {
    const Heard& heard = read.heard[static_cast<size_t>(i)];
    const Nanos on_its_way = heard.served - asked;
    soonest = std::min(soonest, heard.replica->applied - written - on_its_way);
  }
  return soonest;
}

}  // namespace

TrialSource ClusterTrials(const WarsModel& model, const Quorum& quorum) {
  return [model, quorum, cluster = std::make_shared<std::unique_ptr<TrialCluster>>()](Rng& rng) {
    if (*cluster == nullptr || (*cluster)->trials() == kTrialsPerCluster) {
      *cluster = std::make_unique<TrialCluster>(model, quorum, Rng(rng.Next()));
    }
    return (*cluster)->Next(rng);
  };
}

}  // namespace replsim
