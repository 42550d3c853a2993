// Decides when the faults of a scenario happen: at a time, after a number of committed writes,
// after the previous fault, or at a failpoint. It works with every Cluster.
//
// A fault happens once unless it repeats. `every` counts from its start, but it does not start
// again before its end (`for`) is complete. Faults chained with `after_previous` follow each
// repetition. A fault that the cluster rejects counts as not fired, and faults chained to it are
// skipped.
//
// Faults at a failpoint are armed together in Begin, which also resolves their `primary`. If their
// node dies first, they are armed again, counting from 0, when a fault restarts the node. Other
// faults resolve `primary` and `best` when they happen.
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
#include "simulator/faults/fault_injector.h"

namespace replsim {

class FaultSchedule {
 public:
  // Uses the faults and the network of `scenario`, which is resolved. Repairs restore links to that
  // network.
  FaultSchedule(const proto::Scenario& scenario, Cluster* cluster, Scheduler* scheduler,
                RunEventSink sink);

  // Arms the failpoints, then calls `armed`, never inside this call. At that moment the load
  // begins, and times count from it.
  void Begin(Scheduler::Callback armed);
  // Call it after every committed write with their number; it is cheap.
  void OnCommitted(uint64_t count) {
    committed_ = count;
    if (count >= next_committed_) RunCommitted();
  }
  // Injects fault 1, 2, … by hand, now, even if it has already happened. Faults chained to it
  // follow. `done` may run inside the call. OK: the fault has happened, and does not happen again
  // at its own time. NOT_FOUND: there is no such fault. FAILED_PRECONDITION: the reason why it is
  // not possible now; nothing has changed.
  void Inject(int number, FaultInjector::Done done);
  // Adds a fault that happens only by hand, and returns its number for Inject.
  int Add(const proto::Fault& fault);
  // Whether an event EXITED says that the node was killed with SIGKILL by somebody else. It then
  // counts as killed by a fault, so a fault or the end of the run can restart it.
  bool KilledFromOutside(const proto::RunEvent& exited);
  // Starts no more faults. Waits for those in progress, repairs everything (damage.h), then waits
  // for promotions and demotions in progress. `done` receives what could not be repaired.
  void HealAll(FaultInjector::Done done);

  // Returns the faults that the cluster has not completed: "fault 2 (kill r1 at 300ms)".
  std::vector<std::string> UnderWay() const;
  // Returns one sentence per fault that has not happened, or not often enough, with the reason.
  std::vector<std::string> Unfired() const { return Sentences(/*moot_too=*/true); }
  // Returns those without which the run cannot be judged. These include faults that had nothing to
  // do (kill of a dead node, restart of a running one). Omitted are later repetitions with nothing
  // to do, which are only notes. A `for` whose fault another one has ended is not reported.
  std::vector<std::string> Missing() const { return Sentences(/*moot_too=*/false); }

 private:
  enum class State { kWaiting, kArmed, kUnderWay, kHappened, kFailed };
  struct Entry {
    proto::Fault fault;
    State state = State::kWaiting;
    NodeId armed_on;
    std::string failure;
    bool nothing_to_do = false;      // a repetition had nothing to do
    FaultInjector::Done by_hand;     // callback of the injection by hand
    State before = State::kWaiting;  // its state before that injection
    uint32_t happened = 0;
    Instant began;  // the last start
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
  void CallHealed();
  static bool ChangesRole(const Entry& entry) {
    return entry.fault.do_() == proto::PROMOTE || entry.fault.do_() == proto::DEMOTE;
  }
  std::string WhyNot(const Entry& entry) const;

  Cluster* cluster_;
  Scheduler* scheduler_;
  FaultInjector damage_;
  std::vector<Entry> entries_;
  uint64_t committed_ = 0;
  uint64_t next_committed_ = UINT64_MAX;
  Scheduler::Callback armed_;
  int calls_under_way_ = 0;  // without changes of role
  int role_changes_under_way_ = 0;
  bool started_ = false;
  bool ended_ = false;
  FaultInjector::Done healed_;
  std::optional<absl::Status> repaired_;  // result of the repair, once it is known
  // Timers check that it still exists before they use the schedule.
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
