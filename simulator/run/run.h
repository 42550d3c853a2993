// One run of one scenario variant on some cluster, from its start to the final read: load, faults,
// healing, convergence; everything that happens goes to the recording. What it means is for the
// analysis to say.
//
// Everything happens under the scheduler; whoever owns the scheduler runs it until `ended`.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/base/rng.h"
#include "protos/recording.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/seam/run_cluster.h"
#include "simulator/cluster/seam/scheduler.h"
#include "simulator/faults/fault_schedule.h"
#include "simulator/recording/recording_sink.h"
#include "simulator/run/final_read.h"
#include "simulator/run/time_limits.h"
#include "simulator/workload/load_generator.h"

namespace replsim {

// What a display may show while a run goes on.
struct NodeGlance {
  NodeId id;
  NodeState state = NodeState::kDown;
  CoreDescription core;  // as it last said
};
struct RunGlance {
  std::string phase;  // "starting", "load", "healing", "converging", "reading"
  Nanos elapsed{0};   // of the load
  uint64_t committed = 0;
  NodeId primary;
  std::vector<NodeGlance> nodes;
};
struct RunDisplay {
  Nanos interval{0};  // how often to look; 0: never
  std::function<void(const RunGlance&)> show;
};

struct RunOptions {
  std::string variant;
  std::string runtime;  // live, virtual
  std::string command;  // repeats the run
  RunDisplay display;
  uint32_t repeat = 0;               // which run of its variant, from 1; 0: it is run once
  std::vector<std::string> notes{};  // known before it begins: the loader's warnings
};

class Run {
 public:
  // `scenario` is resolved. All outlive the run. Every random draw of the load comes from `rng`.
  Run(const proto::Scenario& scenario, RunOptions options, RunCluster* cluster,
      Scheduler* scheduler, const Rng& rng, RecordingSink* sink);

  // Under the scheduler. `ended` is called once, when nothing more will happen.
  void Begin(std::function<void()> ended);
  // From now on what is recorded is written at least so often, and a recording that cannot be
  // written ends the run as soon. Under the scheduler.
  void FlushEvery(Nanos interval);
  // By hand: FaultSchedule::Inject. Under the scheduler.
  void Inject(int fault, Damage::Done done);
  // How busy the machine was, of a live run; before Finish.
  void SetHost(proto::Manifest::Host host) { *manifest_.mutable_host() = std::move(host); }
  // Breaks it off. Under the scheduler.
  void End(absl::Status status);

  // After the end, when nobody is under the scheduler any more: closes the recording. OK: it is
  // complete. CANCELLED: it was broken off. Anything else: the run itself failed, and why.
  absl::Status Finish();

 private:
  // Each phase ends by beginning the next one. One that lasts longer than `limit` ends the run.
  void Enter(const char* phase, Nanos limit);
  std::string UnderWay() const;
  void BeginLoad();
  void EndLoad();
  void AwaitConvergence();
  void Save(std::vector<FinalRead> finals);
  void Look();
  void After(Nanos delay, std::function<void()> then);
  void Record(proto::RunEvent::Kind kind, std::string node = "", std::string detail = "");
  void Record(const proto::RunEvent& event);
  void Record(const Operation& operation);
  void FillManifest();

  const proto::Scenario& scenario_;
  const RunOptions options_;
  RunCluster* const cluster_;
  Scheduler* const scheduler_;
  RecordingSink* const sink_;
  proto::Manifest manifest_;
  LoadGenerator load_;
  FaultSchedule faults_;
  const TimeLimits limits_;
  std::string phase_;
  uint64_t phases_begun_ = 0;
  Instant load_begin_;
  std::function<void()> on_end_;
  // The scheduler may outlive the run: what it still holds looks here whether the run is over.
  const std::shared_ptr<bool> ended_ = std::make_shared<bool>(false);
  absl::Status result_;
};

}  // namespace replsim
