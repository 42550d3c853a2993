#include "simulator/command/live_run.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/status.h"
#include "simulator/faults/fault_schedule.h"
#include "simulator/recording/events.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/history.h"
#include "simulator/recording/run_folder.h"
#include "simulator/workload/load_generator.h"

namespace replsim {
namespace {

class LiveRun {
 public:
  LiveRun(const Variant& variant, const LiveRunOptions& options, LiveMachine& machine,
          const RunDisplay& display, HistoryWriter history, EventWriter events)
      : variant_(variant),
        options_(options),
        machine_(machine),
        display_(display),
        history_(std::move(history)),
        events_(std::move(events)),
        rng_(variant.scenario.seed()),
        cluster_({variant.scenario, options.folder, options.program_dir}, &machine.io,
                 &machine.processes, &machine.scheduler, rng_.Fork("cluster"),
                 [this](const proto::RunEvent& event) { Record(event); }),
        load_(variant.scenario.workload(), &cluster_, &machine.scheduler, rng_.Fork("load"),
              [this](const Operation& operation) { history_.Add(operation); }),
        faults_(variant.scenario, &cluster_, &machine.scheduler,
                [this](const proto::RunEvent& event) { Record(event); }) {}

  absl::Status Run() {
    FillManifest();
    REPL_RETURN_IF_ERROR(SaveManifest(options_.folder, manifest_));
    machine_.processes.OnInterrupt([this](int) {
      machine_.scheduler.Post([this, ended = ended_] {
        if (!*ended) End(absl::CancelledError("interrupted"));
      });
    });
    machine_.scheduler.Post([this] { Begin(); });
    machine_.io.restart();
    machine_.io.run();
    // Whoever was inside when the run ended has left once this comes through.
    absl::Notification left;
    machine_.scheduler.Post([&left] { left.Notify(); });
    left.WaitForNotification();
    cluster_.KillAll();
    REPL_RETURN_IF_ERROR(history_.Close());
    manifest_.set_complete(result_.ok());
    REPL_RETURN_IF_ERROR(SaveManifest(options_.folder, manifest_));
    return result_;
  }

 private:
  // Each phase ends by beginning the next one. All of it under the scheduler.
  void Begin() {
    phase_ = "starting";
    Look();
    cluster_.Start([this](absl::Status status) {
      if (!status.ok()) return End(status);
      faults_.Begin([this] { BeginLoad(); });
    });
  }

  void BeginLoad() {
    phase_ = "load";
    load_begin_ = machine_.scheduler.Now();
    manifest_.set_load_begin_ns(ToNanos(load_begin_));
    Record(proto::RunEvent::LOAD_BEGIN);
    load_.OnCommitted([this](uint64_t count) { faults_.OnCommitted(count); });
    load_.Begin();
    After(Nanos(variant_.scenario.duration().ns()), [this] { EndLoad(); });
  }

  void EndLoad() {
    phase_ = "healing";
    manifest_.set_load_end_ns(ToNanos(machine_.scheduler.Now()));
    Record(proto::RunEvent::LOAD_END);
    load_.Stop([this] {
      faults_.HealAll([this](absl::Status status) {
        if (!status.ok()) manifest_.add_notes(absl::StrCat("healing: ", status.message()));
        for (const std::string& unfired : faults_.Unfired()) manifest_.add_notes(unfired);
        Converge();
      });
    });
  }

  void Converge() {
    phase_ = "converging";
    const Instant deadline = machine_.scheduler.Now() + Nanos(variant_.scenario.settle().ns());
    cluster_.Converge(deadline, [this](absl::Status status) {
      Record(status.ok() ? proto::RunEvent::CONVERGED : proto::RunEvent::NOT_CONVERGED,
             std::string(status.message()));
      phase_ = "reading";
      cluster_.ReadFinal(
          [this](std::vector<LiveCluster::NodeFinal> finals) { Save(std::move(finals)); });
    });
  }

  void Save(std::vector<LiveCluster::NodeFinal> finals) {
    for (LiveCluster::NodeFinal& final : finals) {
      *manifest_.add_ends() = final.end;
      if (!final.scanned) continue;
      const std::string path = FinalStatePath(options_.folder, final.end.node());
      if (absl::Status status = WriteFinalState(path, std::move(final.keys)); !status.ok())
        return End(status);
    }
    manifest_.set_final_primary(cluster_.primary().name());
    Record(proto::RunEvent::RUN_END);
    End(absl::OkStatus());
  }

  void End(absl::Status status) {
    if (*ended_) return;
    *ended_ = true;
    result_ = std::move(status);
    manifest_.set_end_ns(ToNanos(machine_.scheduler.Now()));
    cluster_.Disconnect();
    machine_.io.stop();
  }

  // The scheduler outlives the run: what it still holds must find out that the run is over.
  void After(Nanos delay, std::function<void()> then) {
    machine_.scheduler.At(machine_.scheduler.Now() + delay,
                          [ended = ended_, then = std::move(then)] {
                            if (!*ended) then();
                          });
  }

  void Look() {
    if (display_.interval == Nanos(0) || *ended_) return;
    cluster_.Look([this](std::vector<LiveCluster::Glance> nodes) {
      RunGlance glance{phase_, Nanos(0), load_.committed_writes(), cluster_.primary(),
                       std::move(nodes)};
      if (load_begin_ != Instant()) glance.elapsed = machine_.scheduler.Now() - load_begin_;
      display_.show(glance);
      After(display_.interval, [this] { Look(); });
    });
  }

  void Record(proto::RunEvent::Kind kind, std::string detail = "") {
    proto::RunEvent event;
    event.set_time_ns(ToNanos(machine_.scheduler.Now()));
    event.set_kind(kind);
    event.set_detail(std::move(detail));
    Record(event);
  }
  void Record(const proto::RunEvent& event) {
    if (absl::Status status = events_.Write(event); !status.ok()) End(status);
    if (event.kind() == proto::RunEvent::EXITED) {
      manifest_.add_notes(absl::StrCat(event.node(), " died by itself: ", event.detail()));
    }
  }

  void FillManifest() {
    const proto::Scenario& scenario = variant_.scenario;
    manifest_.set_scenario(scenario.name());
    manifest_.set_question(scenario.question());
    manifest_.set_variant(variant_.name);
    manifest_.set_runtime("live");
    manifest_.set_seed(scenario.seed());
    for (const NodeId& id : cluster_.nodes()) manifest_.add_nodes(id.name());
    manifest_.set_client_count(scenario.workload().clients());
    manifest_.set_command(options_.command);
  }

  const Variant& variant_;
  const LiveRunOptions& options_;
  LiveMachine& machine_;
  const RunDisplay& display_;
  HistoryWriter history_;
  EventWriter events_;
  const Rng rng_;
  proto::Manifest manifest_;
  LiveCluster cluster_;
  LoadGenerator load_;
  FaultSchedule faults_;
  std::string phase_;
  Instant load_begin_;
  const std::shared_ptr<bool> ended_ = std::make_shared<bool>(false);
  absl::Status result_;
};

// The scenario as this variant's folder tells it: what is expected of other variants is not its
// own.
proto::Scenario OwnScenario(const Variant& variant) {
  proto::Scenario scenario = variant.scenario;
  scenario.clear_expect();
  for (proto::Expect expect : variant.scenario.expect()) {
    const auto& names = expect.variant();
    if (!names.empty() && std::find(names.begin(), names.end(), variant.name) == names.end())
      continue;
    expect.clear_variant();
    *scenario.add_expect() = std::move(expect);
  }
  return scenario;
}

}  // namespace

absl::Status RunLive(const Variant& variant, const LiveRunOptions& options, LiveMachine& machine,
                     const RunDisplay& display) {
  REPL_ASSIGN_OR_RETURN(HistoryWriter history, HistoryWriter::Create(HistoryPath(options.folder)));
  REPL_ASSIGN_OR_RETURN(EventWriter events, EventWriter::Create(EventsPath(options.folder)));
  const proto::Scenario own = OwnScenario(variant);
  const LoadedScenario loaded{own, {{variant.name, own}}, own};
  REPL_RETURN_IF_ERROR(WriteFileBytes(ScenarioPath(options.folder), ToYaml(loaded)));
  // Not on the stack: what gRPC's threads still post after the end may hold on to it.
  const auto run = std::make_unique<LiveRun>(variant, options, machine, display, std::move(history),
                                             std::move(events));
  return run->Run();
}

}  // namespace replsim
