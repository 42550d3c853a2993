// One run of one scenario variant on any cluster, from the start to the final read: load, faults,
// healing and convergence. It records everything; the analysis interprets it.
//
// Everything runs under the scheduler. The owner of the scheduler runs it until `ended` is called.
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

// The state that a display may show during a run.
struct NodeSnapshot {
  NodeId id;
  NodeState state = NodeState::kDown;
  CoreDescription core;  // the last known status
};
struct RunSnapshot {
  std::string phase;  // "starting", "load", "healing", "converging", "reading"
  Nanos elapsed{0};   // time of the load so far
  uint64_t committed = 0;
  NodeId primary;
  std::vector<NodeSnapshot> nodes;
};
// A display that the run updates.
struct RunDisplay {
  Nanos interval{0};  // time between updates; 0: never
  std::function<void(const RunSnapshot&)> show;
};

// Options of one run; all but `display` are stored in the manifest.
struct RunOptions {
  // Name of the variant.
  std::string variant;
  std::string runtime;  // "live" or "virtual"
  std::string command;  // the command that repeats the run
  RunDisplay display;
  uint32_t repeat = 0;               // repetition of the variant, from 1; 0: the variant runs once
  std::vector<std::string> notes{};  // known before the run begins, such as the loader's warnings
  bool load = true;                  // false: the clients are connected and do nothing
  bool until_stopped = false;  // the load lasts until StopLoad, not for the scenario's duration
};

class Run {
 public:
  // `scenario` is resolved. All pointers outlive the run. Every random draw of the load comes from
  // `rng`.
  Run(const proto::Scenario& scenario, RunOptions options, RunCluster* cluster,
      Scheduler* scheduler, const Rng& rng, RecordingSink* sink);

  // Begins the run, under the scheduler. `ended` is called once, when nothing more will happen.
  void Begin(std::function<void()> ended);
  // Writes the recording at least this often from now on. If it cannot be written, the run ends
  // within that time. Call it under the scheduler.
  void FlushEvery(Nanos interval);
  // Injects fault 1, 2, … of the scenario by hand (FaultSchedule::Inject). Call it under the
  // scheduler.
  void Inject(int fault, FaultInjector::Done done);
  // The same for a fault that the scenario does not have; its trigger is ignored.
  void InjectNew(const proto::Fault& fault, FaultInjector::Done done);
  // Ends the load now. The run goes on with healing. Call it under the scheduler.
  void StopLoad();
  // Sets the load of the machine during a live run. Call it before Finish.
  void SetHost(proto::Manifest::Host host) { *manifest_.mutable_host() = std::move(host); }
  // Ends the run early. Call it under the scheduler.
  void End(absl::Status status);

  // Closes the recording. Call it after the end, when no callback runs under the scheduler. OK: the
  // run is complete. CANCELLED: it was interrupted. Any other status: why the run failed.
  absl::Status Finish();

 private:
  // Each phase ends by beginning the next one. A phase that exceeds `limit` ends the run.
  void Enter(const char* phase, Nanos limit);
  std::string UnderWay() const;
  void BeginLoad();
  void EndLoad();
  void AwaitConvergence();
  void Save(std::vector<FinalRead> finals);
  void Look();
  // Passes events of the cluster on to the recording.
  void OnClusterEvent(proto::RunEvent event);
  void NoteByHand(const std::string& what);
  void After(Nanos delay, std::function<void()> then);
  void Record(proto::RunEvent::Kind kind, std::string node = "", std::string detail = "");
  void Record(const proto::RunEvent& event);
  void Record(const Operation& operation);
  void CheckRecorded(absl::Status status);
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
  // The scheduler may outlive the run; callbacks that it still holds check this first.
  const std::shared_ptr<bool> ended_ = std::make_shared<bool>(false);
  absl::Status result_;
};

}  // namespace replsim
