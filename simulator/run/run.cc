#include "simulator/run/run.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status.h"
#include "simulator/cluster/seam/scenario_needs.h"
#include "simulator/faults/describe_fault.h"

namespace replsim {
namespace {

constexpr Nanos kForever = std::chrono::hours(24 * 365 * 10);

// A scenario for the servers of a real system says nothing about another cluster.
absl::Status CheckSystem(const proto::Scenario& scenario, const RunCluster& cluster) {
  const proto::System system = scenario.cluster().system();
  if (system == proto::SYSTEM_UNSPECIFIED || system == proto::REPLSIM) return absl::OkStatus();
  const std::string name = absl::AsciiStrToLower(proto::System_Name(system));
  if (name == cluster.kind()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the scenario has system: ", name, ", but this is a ", cluster.kind(),
                   " cluster; expected --set cluster.system=replsim, or `replsim run` live"));
}

}  // namespace

Run::Run(const proto::Scenario& scenario, RunOptions options, RunCluster* cluster,
         Scheduler* scheduler, const Rng& rng, RecordingSink* sink)
    : scenario_(scenario),
      options_(std::move(options)),
      cluster_(cluster),
      scheduler_(scheduler),
      sink_(sink),
      load_(scenario.workload(), cluster, scheduler, rng.Fork("load"),
            [this](const Operation& operation) { Record(operation); }),
      faults_(scenario, cluster, scheduler,
              [this](const proto::RunEvent& event) { Record(event); }),
      limits_(LimitsOf(scenario)) {
  cluster_->OnEvent([this](const proto::RunEvent& event) { OnClusterEvent(event); });
  load_.OnList([this](const ListedValue& list) { CheckRecorded(sink_->AddList(list)); });
  FillManifest();
}

void Run::Begin(std::function<void()> ended) {
  on_end_ = std::move(ended);
  manifest_.set_begin_ns(ToNanos(scheduler_->Now()));
  const absl::Status able = CheckNeeds(scenario_, {cluster_->kind(), cluster_->capabilities()});
  if (!able.ok()) return End(able);
  if (const absl::Status ours = CheckSystem(scenario_, *cluster_); !ours.ok()) return End(ours);
  if (absl::Status status = sink_->Begin(manifest_); !status.ok()) return End(std::move(status));
  Enter("starting", limits_.starting);
  Look();
  cluster_->Start([this](absl::Status status) {
    if (!status.ok()) return End(std::move(status));
    faults_.Begin([this] { BeginLoad(); });
  });
}

void Run::Enter(const char* phase, Nanos limit) {
  phase_ = phase;
  After(limit, [this, limit, number = ++phases_begun_] {
    if (number != phases_begun_) return;
    End(absl::DeadlineExceededError(absl::StrCat("the run hangs: its phase \"", phase_,
                                                 "\" has lasted ", limit.count() / 1'000'000'000,
                                                 " s, which is the limit; ", UnderWay())));
  });
}

std::string Run::UnderWay() const {
  std::vector<std::string> parts = faults_.UnderWay();
  for (const NodeId& id : cluster_->nodes()) {
    parts.push_back(absl::StrCat(id.name(), " is ", NameOf(cluster_->state(id))));
  }
  return absl::StrJoin(parts, ", ");
}

void Run::BeginLoad() {
  Enter("load", options_.until_stopped ? kForever : limits_.load);
  load_begin_ = scheduler_->Now();
  manifest_.set_load_begin_ns(ToNanos(load_begin_));
  Record(proto::RunEvent::LOAD_BEGIN);
  load_.OnCommitted([this](uint64_t count) { faults_.OnCommitted(count); });
  if (options_.load) load_.Begin();
  if (!options_.until_stopped) After(Nanos(scenario_.duration().ns()), [this] { EndLoad(); });
}

void Run::StopLoad() {
  if (*ended_) return;
  if (phase_ == "load") return EndLoad();
  if (phase_ == "starting") End(absl::CancelledError("interrupted"));
}

void Run::EndLoad() {
  Enter("healing", limits_.healing);
  manifest_.set_load_end_ns(ToNanos(scheduler_->Now()));
  Record(proto::RunEvent::LOAD_END);
  const auto heal = [this] {
    faults_.HealAll([this](const absl::Status& status) {
      if (!status.ok()) manifest_.add_notes(absl::StrCat("healing: ", status.message()));
      for (const std::string& unfired : faults_.Unfired()) manifest_.add_notes(unfired);
      for (const std::string& missing : faults_.Missing()) manifest_.add_missing_faults(missing);
      AwaitConvergence();
    });
  };
  if (options_.load) return load_.Stop(heal);
  manifest_.add_notes("no load: the history has no operations");
  After(Nanos(0), heal);
}

void Run::AwaitConvergence() {
  Enter("converging", limits_.converging);
  const auto restarted = [this](const NodeId& node, const char* why, Instant begun) {
    proto::RunEvent event;
    event.set_time_ns(ToNanos(scheduler_->Now()));
    event.set_begun_ns(ToNanos(begun));
    event.set_kind(proto::RunEvent::RESTARTED);
    event.set_node(node.name());
    event.set_detail(why);
    Record(event);
  };
  const auto done = [this](const absl::StatusOr<std::string>& withheld) {
    if (withheld.ok()) {
      Record(proto::RunEvent::CONVERGED, "", *withheld);
    } else {
      Record(proto::RunEvent::NOT_CONVERGED, "", std::string(withheld.status().message()));
    }
    Enter("reading", limits_.reading);
    ReadFinal(cluster_, [this](std::vector<FinalRead> finals) { Save(std::move(finals)); });
  };
  Converge(cluster_, scheduler_, ended_, scenario_, restarted, done);
}

void Run::Save(std::vector<FinalRead> finals) {
  manifest_.set_final_primary(
      FinalPrimary(finals, cluster_->primary().name(), scenario_.failover().has_suspect_after()));
  for (FinalRead& final : finals) {
    *manifest_.add_ends() = final.end;
    if (!final.scanned) continue;
    if (absl::Status status = sink_->AddFinalState(final.end.node(), std::move(final.keys));
        !status.ok()) {
      return End(std::move(status));
    }
  }
  Record(proto::RunEvent::RUN_END);
  End(absl::OkStatus());
}

void Run::Inject(int fault, FaultInjector::Done done) {
  if (*ended_) return done(absl::FailedPreconditionError("Not now: the run has ended."));
  faults_.Inject(fault, [this, fault, done = std::move(done)](const absl::Status& status) mutable {
    if (status.ok()) NoteByHand(absl::StrCat("fault ", fault));
    done(status);
  });
}

void Run::InjectNew(const proto::Fault& fault, FaultInjector::Done done) {
  if (*ended_) return done(absl::FailedPreconditionError("Not now: the run has ended."));
  faults_.Inject(faults_.Add(fault), [this, what = DescribeAction(fault),
                                      done = std::move(done)](const absl::Status& status) mutable {
    if (status.ok()) NoteByHand(what);
    done(status);
  });
}

// The command in the manifest does not repeat what was done by hand.
void Run::NoteByHand(const std::string& what) {
  const Nanos into_load = scheduler_->Now() - load_begin_;
  manifest_.set_faults_by_hand(manifest_.faults_by_hand() + 1);
  manifest_.add_notes(absl::StrCat(what, " was injected by hand ", into_load.count() / 1'000'000,
                                   " ms into the load"));
}

void Run::End(absl::Status status) {
  if (*ended_) return;
  *ended_ = true;
  result_ = std::move(status);
  manifest_.set_end_ns(ToNanos(scheduler_->Now()));
  cluster_->Disconnect();
  if (on_end_) on_end_();
}

absl::Status Run::Finish() {
  manifest_.set_complete(result_.ok());
  const absl::Status closed = sink_->End(manifest_);
  return result_.ok() ? closed : result_;
}

void Run::After(Nanos delay, std::function<void()> then) {
  scheduler_->At(scheduler_->Now() + delay, [ended = ended_, then = std::move(then)] {
    if (!*ended) then();
  });
}

void Run::FlushEvery(Nanos interval) {
  if (absl::Status status = sink_->Flush(); !status.ok()) return End(std::move(status));
  After(interval, [this, interval] { FlushEvery(interval); });
}

void Run::Look() {
  if (options_.display.interval == Nanos(0) || *ended_) return;
  cluster_->Describe([this](const RunCluster::Statuses& all) {
    RunSnapshot glance{phase_, Nanos(0), load_.committed_writes(), cluster_->primary(), {}};
    if (load_begin_ != Instant()) glance.elapsed = scheduler_->Now() - load_begin_;
    for (const NodeId& id : cluster_->nodes()) {
      NodeSnapshot& node = glance.nodes.emplace_back(NodeSnapshot{id, cluster_->state(id), {}});
      for (const auto& [described, status] : all) {
        if (described == id && status.ok()) node.core = status->core;
      }
    }
    options_.display.show(glance);
    After(options_.display.interval, [this] { Look(); });
  });
}

// A node that somebody killed is a fault like any other: it is down, and is restarted at the end.
void Run::OnClusterEvent(proto::RunEvent event) {
  if (event.kind() != proto::RunEvent::EXITED || !faults_.KilledFromOutside(event)) {
    return Record(event);
  }
  event.set_kind(proto::RunEvent::KILLED);
  manifest_.set_faults_by_hand(manifest_.faults_by_hand() + 1);
  manifest_.add_notes(absl::StrCat(event.node(), " was ", event.detail()));
  Record(event);
}

void Run::Record(proto::RunEvent::Kind kind, std::string node, std::string detail) {
  proto::RunEvent event;
  event.set_time_ns(ToNanos(scheduler_->Now()));
  event.set_kind(kind);
  event.set_node(std::move(node));
  event.set_detail(std::move(detail));
  Record(event);
}

// A run that cannot be recorded cannot be judged, so it ends.
void Run::Record(const Operation& operation) {
  manifest_.set_operations(manifest_.operations() + 1);
  CheckRecorded(sink_->Add(operation));
}

void Run::CheckRecorded(absl::Status status) {
  if (status.ok() || *ended_) return;
  // Not inside the callback that reports the operation.
  After(Nanos(0), [this, status = std::move(status)] { End(status); });
}

void Run::Record(const proto::RunEvent& event) {
  if (absl::Status status = sink_->Add(event); !status.ok()) return End(std::move(status));
  if (event.kind() == proto::RunEvent::EXITED) {
    manifest_.add_notes(absl::StrCat(
        event.node(),
        absl::StartsWith(event.detail(), "killed") ? " was " : " exited unexpectedly: ",
        event.detail()));
  }
}

void Run::FillManifest() {
  manifest_.set_scenario(scenario_.name());
  manifest_.set_question(scenario_.question());
  manifest_.set_variant(options_.variant);
  manifest_.set_runtime(options_.runtime);
  manifest_.set_seed(scenario_.seed());
  for (const NodeId& id : cluster_->nodes()) manifest_.add_nodes(id.name());
  if (scenario_.cluster().record()) {
    for (const NodeId& id : cluster_->witnesses()) manifest_.add_witnesses(id.name());
  }
  *manifest_.mutable_evidence() = cluster_->evidence();
  if (!scenario_.cluster().record()) {
    for (auto& node : *manifest_.mutable_evidence()->mutable_nodes()) {
      node.set_receive(proto::ABSENT);
      node.set_write(proto::ABSENT);
      node.set_flush(proto::ABSENT);
      node.set_apply(proto::ABSENT);
    }
  }
  manifest_.set_client_count(scenario_.workload().clients());
  manifest_.set_command(options_.command);
  manifest_.set_repeat(options_.repeat);
  for (const std::string& note : options_.notes) manifest_.add_notes(note);
  const double scale = scenario_.replication().scale_times();
  if (scale > 0 && scale != 1) {
    manifest_.add_notes(absl::StrCat("times that the preset ", scenario_.replication().preset(),
                                     " implies were multiplied by ", scale,
                                     " (replication.scale_times)"));
  }
}

}  // namespace replsim
