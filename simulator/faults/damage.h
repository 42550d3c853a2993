// Does faults to a cluster, keeps what is broken, and repairs all of it at the end. Says each thing
// that was done as a RunEvent, with the time at which it was done. When faults happen is not
// decided here (fault_schedule.h).
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

class Damage {
 public:
  using Done = absl::AnyInvocable<void(absl::Status)>;

  // `network` is the scenario's own; repair puts links back to it. `cluster` and `scheduler`
  // outlive it, and it outlives every call it has made.
  // `rng`: what is torn, and which bit.
  Damage(std::vector<proto::Link> network, const Rng& rng, Cluster* cluster, Scheduler* scheduler,
         RunEventSink sink);

  // `node`: whom the fault is about (empty: best, of promote). `number`: 1 + its index in the
  // scenario. `done` may run inside the call (links take effect at once). FailedPrecondition: there
  // is nothing to do.
  void Do(const proto::Fault& fault, int number, const NodeId& node, Done done);
  // `node` has killed or stopped itself at a failpoint that `fault` had armed. `done` is told when
  // the fault has happened, which may be in this call.
  void DoneByFailpoint(const proto::Fault& fault, int number, const NodeId& node, Instant when,
                       Done done);
  void Emit(proto::RunEvent::Kind kind, Instant when, int number, const NodeId& node,
            const std::string& detail = "", uint64_t lsn = 0);

  // Resumes what is paused, heals and resets links and disks, restarts what is dead (first whoever
  // should lead), ends slow applies. A dead primary that does not come up again, its disk having
  // been broken, is followed by the best replica, and restarted as one. A failure does not stop the
  // rest: `done` gets all of them in one status. A failpoint that fires from now on is repaired at
  // once.
  void Repair(Done done);

  bool IsDead(const NodeId& node) const { return dead_.contains(node); }
  // Whether `fault`, which was done to `node`, still has something to end (fault_kind.h): another
  // fault may have ended it.
  bool Lasts(const proto::Fault& fault, const NodeId& node) const;

 private:
  using Pair = std::pair<NodeId, NodeId>;
  using LinkAction = std::function<void(const Pair&)>;

  void Kill(const NodeId& node, int number, Done done);
  // `when` and `trigger`: of a failpoint that has killed the node already.
  void LoseHost(const NodeId& node, int number, Instant when, std::string trigger, Done done);
  void Restart(const NodeId& node, int number, Done done);
  void Pause(const NodeId& node, int number, Done done);
  void Resume(const NodeId& node, int number, Done done);
  void Promote(const NodeId& node, int number, Done done);
  void SlowApply(const NodeId& node, int number, Nanos per_entry, Done done);
  void LosePower(const NodeId& node, int number, const proto::Fault& fault, Done done);
  // `when` and `trigger`: of a failpoint that has killed the node already.
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
  // An event of now whose cause was asked for at `begun`.
  void EmitSince(Instant begun, proto::RunEvent::Kind kind, int number, const NodeId& node);
  void EmitLink(proto::RunEvent::Kind kind, const Pair& link, int number,
                const std::string& detail = "");
  // Why the fault would change nothing: what it undoes, or asks for, is so already. Empty: it
  // would, or only the cluster can tell.
  std::string NothingToDo(const proto::Fault& fault, const NodeId& node) const;
  bool AnyIsCut(const proto::Fault& fault) const;  // of its links; or flaps
  // Passes the status on, after `effect` where it is OK.
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
  std::set<NodeId> harmed_;  // whose disk was broken at some time
  NodeId cannot_lead_;       // the primary, which did not come up again
  std::set<Pair> cut_;
  std::set<Pair> set_;
  std::set<NodeId> throttled_;  // that have less than a processor
  std::set<NodeId> skewed_;
  struct Flap {
    uint64_t id;  // a later one of the same link has another
    int number;
    Nanos down;
    Nanos up;
  };
  std::map<Pair, Flap> flaps_;
  uint64_t last_flap_ = 0;
  // Timers look whether it is still there before they touch it.
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);

  bool repairing_ = false;  // from Repair on, for good
  bool repair_step_running_ = false;
  std::vector<std::string> repair_failures_;
  Done repaired_;
};

}  // namespace replsim
