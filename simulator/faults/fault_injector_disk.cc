// Disk faults of a node, and nodes that end themselves because of them.
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/faults/describe_fault.h"
#include "simulator/faults/fault_injector.h"

namespace replsim {

using proto::RunEvent;

void FaultInjector::LosePower(const NodeId& node, int number, const proto::Fault& fault,
                              Done done) {
  CutFiles(node, number, fault.torn(), scheduler_->Now(), "", std::move(done));
}

void FaultInjector::CutFiles(const NodeId& node, int number, bool torn, Instant when,
                             std::string trigger, Done done) {
  std::optional<uint64_t> seed;
  if (torn) seed = rng_.Next();
  cluster_->LosePower(node, seed,
                      [this, node, number, when, trigger = std::move(trigger),
                       done = std::move(done)](const absl::StatusOr<uint64_t>& lost_bytes) mutable {
                        if (!absl::IsFailedPrecondition(lost_bytes.status())) {
                          dead_.insert(node);
                          paused_.erase(node);
                        }
                        if (lost_bytes.ok()) {
                          Emit(RunEvent::POWER_LOST, when, number, node,
                               absl::StrCat(trigger, trigger.empty() ? "" : ": ", *lost_bytes,
                                            " unflushed bytes were lost"));
                        }
                        done(lost_bytes.status());
                        if (repairing_ && !repair_step_running_) RepairNext();
                      });
}

void FaultInjector::BreakDisk(const NodeId& node, int number, const proto::Fault& fault,
                              Done done) {
  proto::SetDiskRequest change;
  if (fault.do_() == proto::SLOW_DISK) {
    if (fault.has_delay()) *change.mutable_flush_delay() = fault.delay();
    if (fault.has_stall()) *change.mutable_stall() = fault.stall();
  } else if (fault.do_() == proto::FSYNC_ERROR) {
    change.set_flushes_to_fail(fault.flushes());
  } else {
    change.set_bytes_left(fault.bytes().bytes());
  }
  cluster_->SetDisk(node, change,
                    Then(
                        [this, node, number, detail = DescribeAction(fault)] {
                          broken_disks_.insert(node);
                          harmed_.insert(node);
                          Emit(RunEvent::DISK_BROKEN, scheduler_->Now(), number, node, detail);
                        },
                        std::move(done)));
}

void FaultInjector::HealDisk(const NodeId& node, int number, Done done) {
  proto::SetDiskRequest change;
  change.set_heal(true);
  cluster_->SetDisk(node, change,
                    Then(
                        [this, node, number] {
                          broken_disks_.erase(node);
                          Emit(RunEvent::DISK_HEALED, scheduler_->Now(), number, node);
                        },
                        std::move(done)));
}

void FaultInjector::FlipBit(const NodeId& node, int number, Lsn lsn, Done done) {
  cluster_->FlipBit(node, lsn, rng_.Next(),
                    [this, node, number, done = std::move(done)](
                        const absl::StatusOr<Cluster::BitFlipped>& bit) mutable {
                      if (bit.ok()) {
                        harmed_.insert(node);
                        Emit(RunEvent::BIT_FLIPPED, scheduler_->Now(), number, node, bit->where,
                             bit->lsn.value());
                      }
                      done(bit.status());
                    });
}

void FaultInjector::Failed(const NodeId& node, const std::string& why, Instant when) {
  dead_.insert(node);
  paused_.erase(node);
  Emit(RunEvent::FAILED, when, 0, node, why);
  if (repairing_ && !repair_step_running_) RepairNext();
}

// Restarts the dead primary first: without a promotion it leads again, and the others must find it.
// A primary that cannot lead restarts last, as a replica of the new one.
bool FaultInjector::RepairOneDead() {
  if (dead_.empty()) return false;
  const NodeId primary = cluster_->primary();
  NodeId node = dead_.contains(primary) ? primary : *dead_.begin();
  if (node == cannot_lead_ && dead_.size() > 1) {
    node = *dead_.begin() == node ? *std::next(dead_.begin()) : *dead_.begin();
  }
  dead_.erase(node);
  if (node == cannot_lead_) {
    RestartLast(node);
    return true;
  }
  Restart(node, 0, [this, node, primary](const absl::Status& status) {
    if (status.ok() || node != primary || !harmed_.contains(node)) {
      return RepairedStep(absl::StrCat("restart ", node.name()), status);
    }
    Emit(RunEvent::FAILED, scheduler_->Now(), 0, node, std::string(status.message()));
    cannot_lead_ = node;
    dead_.insert(node);
    RepairNext();
  });
  return true;
}

void FaultInjector::RestartLast(const NodeId& node) {
  Promote(NodeId(), 0, [this, node](const absl::Status& promoted) {
    if (!promoted.ok()) return RepairedStep("promote best", promoted);
    Restart(node, 0, [this, node](const absl::Status& status) {
      RepairedStep(absl::StrCat("restart ", node.name()), status);
    });
  });
}

}  // namespace replsim
