// Injects faults into a cluster, keeps track of what is broken, and repairs everything at the end.
// Emits a RunEvent with the time for each action. fault_schedule.h decides when faults happen.
//
// Single-threaded, under the scheduler.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "common/base/ids.h"
#include "common/base/rng.h"
#include "common/base/time.h"
#include "protos/recording.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/seam/cluster.h"
#include "simulator/cluster/seam/scheduler.h"

namespace replsim {

using RunEventSink = absl::AnyInvocable<void(const proto::RunEvent&)>;

class FaultInjector {
 public:
  using Done = absl::AnyInvocable<void(absl::Status)>;

  // `network` is the scenario's own; repairs restore links to it. `rng` draws what is torn and
  // which bit flips. `cluster` and `scheduler` outlive this object, which outlives every call it
  // has made.
  FaultInjector(std::vector<proto::Link> network, const Rng& rng, Cluster* cluster,
                Scheduler* scheduler, RunEventSink sink);

  // Injects `fault` on `node` (empty: `best`, for a promotion). `number` is 1 + its index in the
  // scenario. `done` may run inside the call, because link faults take effect at once.
  // FAILED_PRECONDITION if the fault would change nothing.
  void Do(const proto::Fault& fault, int number, const NodeId& node, Done done);
  // `node` has killed or stopped itself at the failpoint that `fault` armed. `done` is called when
  // the fault is complete, possibly inside this call.
  void DoneByFailpoint(const proto::Fault& fault, int number, const NodeId& node, Instant when,
                       Done done);
  void Emit(proto::RunEvent::Kind kind, Instant when, int number, const NodeId& node,
            const std::string& detail = "", uint64_t lsn = 0);

  // Repairs everything: restores links, heals disks, resumes paused nodes, restarts dead nodes (the
  // primary first), and ends slow-apply, slow-node and clock-skew. If a dead primary with a disk
  // fault does not start again, the best replica takes over, and the old primary restarts last, as
  // a replica. A failure does not stop the rest: `done` receives all failures in one status. A
  // failpoint that fires from now on is repaired at once.
  void Repair(Done done);

  // The node died in a way that counts as a kill.
  void NoteDeath(const NodeId& node) {
    dead_.insert(node);
    paused_.erase(node);
  }
  bool IsDead(const NodeId& node) const { return dead_.contains(node); }
  // Returns whether `fault`, injected on `node`, still has an effect to end (fault_kind.h). Another
  // fault may have ended it.
  bool Lasts(const proto::Fault& fault, const NodeId& node) const;

 private:
  using Pair = std::pair<NodeId, NodeId>;
  using LinkAction = std::function<void(const Pair&)>;

  void Kill(const NodeId& node, int number, Done done);
  // `when` and `trigger` are set for a failpoint that has already killed the node.
  void LoseHost(const NodeId& node, int number, Instant when, std::string trigger, Done done);
  void Restart(const NodeId& node, int number, Done done);
  void Pause(const NodeId& node, int number, Done done);
  void Resume(const NodeId& node, int number, Done done);
  void Promote(const NodeId& node, int number, Done done);
  void SwitchOver(const NodeId& node, int number, Done done);
  void Demote(const NodeId& node, int number, Done done);
  void SlowApply(const NodeId& node, int number, Nanos per_entry, Done done);
  void LosePower(const NodeId& node, int number, const proto::Fault& fault, Done done);
  // `when` and `trigger` are set for a failpoint that has already killed the node.
  void CutFiles(const NodeId& node, int number, bool torn, Instant when, std::string trigger,
                Done done);
  void BreakDisk(const NodeId& node, int number, const proto::Fault& fault, Done done);
  void HealDisk(const NodeId& node, int number, Done done);
  void FlipBit(const NodeId& node, int number, Lsn lsn, Done done);
  void Failed(const NodeId& node, const std::string& why, Instant when);
  void SetLink(const Pair& link, int number, const LinkSpec& spec);
  void CutLink(const Pair& link, int number);
  void HealLink(const Pair& link, int number);
  void ResetLinks(const proto::Fault& fault, int number);
  void SetShare(const NodeId& node, int number, double share, Done done);
  void SetWallClock(const NodeId& node, int number, Nanos ahead, double drift, Done done);
  void BeginFlap(const proto::Fault& fault, int number);
  void EndFlaps(const std::set<Pair>& links, int number);
  void Toggle(const Pair& link, uint64_t flap);
  // Emits an event at the present time whose action was requested at `begun`.
  void EmitSince(Instant begun, proto::RunEvent::Kind kind, int number, const NodeId& node);
  void EmitLink(proto::RunEvent::Kind kind, const Pair& link, int number,
                const std::string& detail = "");
  // Returns why the fault would change nothing: its effect is already in place, or already undone.
  // Empty if it would, or if only the cluster can tell.
  std::string NothingToDo(const proto::Fault& fault, const NodeId& node) const;
  // Returns whether one of its links is cut or flaps.
  bool AnyIsCut(const proto::Fault& fault) const;
  // Returns a callback that runs `effect` if the status is OK and then passes the status on.
  Done Then(absl::AnyInvocable<void()> effect, Done done);

  LinkSpec OwnNetwork(const Pair& link) const;
  void RepairLinks();
  void RepairNext();
  bool RepairOneDead();
  void RestartLast(const NodeId& node);
  void RepairedStep(const std::string& what, const absl::Status& status);

  std::vector<proto::Link> network_;
  Cluster* cluster_;
  Scheduler* scheduler_;
  RunEventSink sink_;
  Rng rng_;

  std::set<NodeId> dead_;
  std::set<NodeId> paused_;
  std::set<NodeId> slowed_;
  std::set<NodeId> broken_disks_;
  std::set<NodeId> harmed_;  // had a disk fault at least once
  NodeId cannot_lead_;       // the primary that did not start again
  std::set<Pair> cut_;
  std::set<Pair> set_;
  std::set<NodeId> throttled_;  // have less than a whole processor
  std::set<NodeId> skewed_;
  struct Flap {
    uint64_t id;  // a later flap of the same link has another id
    int number;
    Nanos down;
    Nanos up;
  };
  std::map<Pair, Flap> flaps_;
  uint64_t last_flap_ = 0;
  // Timers check that it still exists before they use this object.
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);

  bool repairing_ = false;  // true from Repair on
  bool repair_step_running_ = false;
  std::vector<std::string> repair_failures_;
  Done repaired_;
};

}  // namespace replsim
