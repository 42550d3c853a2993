// When the faults of a scenario happen: at a time, after so many committed writes, after the fault
// before it, or at a failpoint. One schedule for every Cluster.
//
// A fault happens once, unless it repeats: `every` counts from its beginning, but it does not begin
// again before its end (`for`) has been done; what is after_previous of it follows each time.
// Faults at a failpoint are armed all together at Begin, on whoever is meant then; one whose node
// dies first is armed anew, counting from 0, if a fault restarts the node. `primary` and `best` of
// other faults are resolved when the fault happens. A fault that the cluster could not do has not
// happened, and what is `after_previous` of it does not happen either.
//
// Single-threaded under the Scheduler. Destroy it only when the cluster can no longer call back.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/seam/cluster.h"
#include "simulator/cluster/seam/scheduler.h"
#include "simulator/faults/damage.h"

namespace replsim {

class FaultSchedule {
 public:
  // Of `scenario`, which is resolved: faults, and network (what links are put back to).
  FaultSchedule(const proto::Scenario& scenario, Cluster* cluster, Scheduler* scheduler,
                RunEventSink sink);

  // Arms the failpoints, then calls `armed`, never inside this call: the moment the load begins and
  // times count from.
  void Begin(Scheduler::Callback armed);
  // So many writes have been committed; cheap enough for each of them.
  void OnCommitted(uint64_t count) {
    committed_ = count;
    if (count >= next_committed_) RunCommitted();
  }
  // By hand: fault 1, 2, … happens now, also where it has happened already, and whatever follows
  // from a fault follows from it. `done` may run inside the call. OK: it has happened, and does not
  // happen again when its time comes. NotFound: there is none; FailedPrecondition: why it cannot
  // now, and all is as before.
  void Inject(int number, Damage::Done done);
  // Nothing new happens from here on; what is under way is waited for, then all damage is repaired
  // (damage.h), then promotions that are still under way are waited for. `done` says what could not
  // be repaired.
  void HealAll(Damage::Done done);

  // What was asked of the cluster and is not answered: "fault 2 (kill r1 at 300ms)".
  std::vector<std::string> UnderWay() const;
  // One sentence for each fault that has not happened, or not as often as it should, saying why.
  std::vector<std::string> Unfired() const { return Sentences(/*moot_too=*/true); }
  // Those without which the run cannot be judged: all of them, also those that found nothing to do
  // (kill of a dead node, restart of one that runs). Not a repeated fault that happened and later
  // found nothing to do, which is only noted; and nothing is said of a `for` whose fault another
  // one has ended.
  std::vector<std::string> Missing() const { return Sentences(/*moot_too=*/false); }

 private:
  enum class State { kWaiting, kArmed, kUnderWay, kHappened, kFailed };
  struct Entry {
    proto::Fault fault;
    State state = State::kWaiting;
    NodeId armed_on;
    std::string failure;
    bool moot = false;               // a repetition found nothing to do
    Damage::Done by_hand;            // whoever injected it waits
    State before = State::kWaiting;  // what it was when that was asked
    uint32_t happened = 0;
    Instant began;  // the last time
  };

  std::vector<std::string> Sentences(bool moot_too) const;
  std::string Name(size_t index) const;
  int Number(size_t index) const { return static_cast<int>(index) + 1; }
  NodeId Resolve(const std::string& node) const;
  void Start();
  void Arm(size_t index, const NodeId& node, const std::string& detail);
  void OnArmed(size_t index, const std::string& detail, const absl::Status& status);
  void OnFailpointFired(const NodeId& node, bool pause, Instant when);
  void OnFailpointDone(size_t index, const NodeId& node, Instant when, const absl::Status& status);
  void RunAt(Instant when, size_t index);
  void RunCommitted();
  void FindNextCommitted();
  void Run(size_t index);
  void Do(size_t index);
  void OnRun(size_t index, const NodeId& node, const absl::Status& status);
  void Happened(size_t index, const NodeId& node, Instant when);
  void EndFault(size_t index, const NodeId& node);
  void ScheduleAgain(size_t index);
  bool RunsAgain(size_t index) const;
  void RearmOn(const NodeId& node);
  void CallEnded();
  void TellHealed();
  static bool IsPromotion(const Entry& entry) { return entry.fault.do_() == proto::PROMOTE; }
  std::string WhyNot(const Entry& entry) const;

  Cluster* cluster_;
  Scheduler* scheduler_;
  Damage damage_;
  std::vector<Entry> entries_;
  uint64_t committed_ = 0;
  uint64_t next_committed_ = UINT64_MAX;
  Scheduler::Callback armed_;
  int calls_under_way_ = 0;  // but promotions
  int promotions_under_way_ = 0;
  bool started_ = false;
  bool ended_ = false;
  Damage::Done healed_;
  std::optional<absl::Status> repaired_;  // what healing came to, once it has
  // Timers look whether it is still there before they touch the schedule.
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
