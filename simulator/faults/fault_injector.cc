#include "simulator/faults/fault_injector.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/faults/describe_fault.h"
#include "simulator/faults/fault_links.h"
#include "simulator/faults/link_text.h"

namespace replsim {
using proto::RunEvent;

FaultInjector::FaultInjector(std::vector<proto::Link> network, const Rng& rng, Cluster* cluster,
                             Scheduler* scheduler, RunEventSink sink)
    : network_(std::move(network)),
      cluster_(cluster),
      scheduler_(scheduler),
      sink_(std::move(sink)),
      rng_(rng) {
  cluster_->OnNodeFailed([this](const NodeId& node, const std::string& why, Instant when) {
    Failed(node, why, when);
  });
}

void FaultInjector::Do(const proto::Fault& fault, int number, const NodeId& node, Done done) {
  if (std::string why = NothingToDo(fault, node); !why.empty()) {
    return done(absl::FailedPreconditionError(why));
  }
  switch (fault.do_()) {
    case proto::KILL:
      return Kill(node, number, std::move(done));
    case proto::HOST_LOSS:
      return LoseHost(node, number, scheduler_->Now(), "", std::move(done));
    case proto::RESTART:
      return Restart(node, number, std::move(done));
    case proto::PAUSE:
      return Pause(node, number, std::move(done));
    case proto::RESUME:
      return Resume(node, number, std::move(done));
    case proto::PROMOTE:
      return Promote(node, number, std::move(done));
    case proto::SWITCHOVER:
      return SwitchOver(node, number, std::move(done));
    case proto::DEMOTE:
      return Demote(node, number, std::move(done));
    case proto::SLOW_APPLY:
      return SlowApply(node, number, Nanos(fault.apply_delay().ns()), std::move(done));
    case proto::POWER_LOSS:
      return LosePower(node, number, fault, std::move(done));
    case proto::SLOW_DISK:
    case proto::FSYNC_ERROR:
    case proto::DISK_FULL:
      return BreakDisk(node, number, fault, std::move(done));
    case proto::BIT_FLIP:
      return FlipBit(node, number, Lsn(fault.lsn()), std::move(done));
    case proto::SLOW_NODE:
      return SetShare(node, number, fault.share(), std::move(done));
    case proto::CLOCK_SKEW:
      return SetWallClock(node, number, Nanos(fault.offset().ns()), fault.drift(), std::move(done));
    case proto::SET_LINK:
      for (const Pair& link : LinksOf(fault, false)) {
        SetLink(link, number, fault.has_delay() ? LinkSpecOf(fault) : OwnNetwork(link));
      }
      return done(absl::OkStatus());
    case proto::RESET:
      ResetLinks(fault, number);
      return done(absl::OkStatus());
    case proto::FLAP:
      BeginFlap(fault, number);
      return done(absl::OkStatus());
    case proto::PARTITION:
      for (const Pair& link : LinksOf(fault, !fault.one_way())) CutLink(link, number);
      return done(absl::OkStatus());
    case proto::HEAL: {
      if (!fault.node().empty()) return HealDisk(node, number, std::move(done));
      const std::vector<Pair> links = LinksOf(fault, !fault.one_way());
      EndFlaps({links.begin(), links.end()}, number);
      for (const Pair& link : links) HealLink(link, number);
      return done(absl::OkStatus());
    }
    default:
      return done(absl::InvalidArgumentError(
          absl::StrCat("unknown action: ", static_cast<int>(fault.do_()))));
  }
}

void FaultInjector::DoneByFailpoint(const proto::Fault& fault, int number, const NodeId& node,
                                    Instant when, Done done) {
  const bool paused = fault.do_() == proto::PAUSE;
  (paused ? paused_ : dead_).insert(node);
  if (!paused) paused_.erase(node);
  const std::string trigger = DescribeTrigger(fault.when());
  if (fault.do_() == proto::POWER_LOSS) {
    return CutFiles(node, number, fault.torn(), when, trigger, std::move(done));
  }
  if (fault.do_() == proto::HOST_LOSS) {
    return LoseHost(node, number, when, trigger, std::move(done));
  }
  Emit(paused ? RunEvent::PAUSED : RunEvent::KILLED, when, number, node, trigger,
       fault.when().lsn());
  done(absl::OkStatus());
  if (repairing_ && !repair_step_running_) RepairNext();
}

void FaultInjector::Kill(const NodeId& node, int number, Done done) {
  cluster_->Kill(node, Then(
                           [this, node, number, begun = scheduler_->Now()] {
                             dead_.insert(node);
                             paused_.erase(node);
                             EmitSince(begun, RunEvent::KILLED, number, node);
                           },
                           std::move(done)));
}

void FaultInjector::LoseHost(const NodeId& node, int number, Instant when, std::string trigger,
                             Done done) {
  const std::string detail = absl::StrCat(trigger, trigger.empty() ? "" : ": ",
                                          "its host is lost, with all data in transit");
  cluster_->LoseHost(node, [this, node, number, when, detail,
                            done = std::move(done)](const absl::Status& lost) mutable {
    if (lost.ok()) {
      dead_.insert(node);
      paused_.erase(node);
      Emit(RunEvent::KILLED, when, number, node, detail);
    }
    done(lost);
    if (repairing_ && !repair_step_running_) RepairNext();
  });
}

void FaultInjector::Restart(const NodeId& node, int number, Done done) {
  cluster_->Restart(node, Then(
                              [this, node, number, begun = scheduler_->Now()] {
                                dead_.erase(node);
                                EmitSince(begun, RunEvent::RESTARTED, number, node);
                              },
                              std::move(done)));
}

void FaultInjector::Pause(const NodeId& node, int number, Done done) {
  cluster_->Pause(node, Then(
                            [this, node, number] {
                              paused_.insert(node);
                              Emit(RunEvent::PAUSED, scheduler_->Now(), number, node);
                            },
                            std::move(done)));
}

void FaultInjector::Resume(const NodeId& node, int number, Done done) {
  cluster_->Resume(node, Then(
                             [this, node, number] {
                               paused_.erase(node);
                               Emit(RunEvent::RESUMED, scheduler_->Now(), number, node);
                             },
                             std::move(done)));
}

void FaultInjector::Promote(const NodeId& node, int number, Done done) {
  Emit(RunEvent::PROMOTE_BEGIN, scheduler_->Now(), number, node, node.empty() ? "best" : "");
  cluster_->Promote(
      node,
      Then([this,
            number] { Emit(RunEvent::PROMOTED, scheduler_->Now(), number, cluster_->primary()); },
           std::move(done)));
}

// For the recording it is a promotion: it begins when it is requested, and ends with the election.
void FaultInjector::SwitchOver(const NodeId& node, int number, Done done) {
  Emit(RunEvent::PROMOTE_BEGIN, scheduler_->Now(), number, node, "switchover");
  cluster_->SwitchOver(
      node,
      Then([this,
            number] { Emit(RunEvent::PROMOTED, scheduler_->Now(), number, cluster_->primary()); },
           std::move(done)));
}

void FaultInjector::Demote(const NodeId& node, int number, Done done) {
  cluster_->Demote(
      node, Then([this, node, number,
                  begun = scheduler_->Now()] { EmitSince(begun, RunEvent::DEMOTED, number, node); },
                 std::move(done)));
}

void FaultInjector::SlowApply(const NodeId& node, int number, Nanos per_entry, Done done) {
  cluster_->SetApplyDelay(node, per_entry,
                          Then(
                              [this, node, number, per_entry] {
                                const bool ended = per_entry == Nanos(0);
                                if (ended) {
                                  slowed_.erase(node);
                                } else {
                                  slowed_.insert(node);
                                }
                                Emit(RunEvent::APPLY_SLOWED, scheduler_->Now(), number, node,
                                     ended ? std::string("ended")
                                           : absl::StrCat(DurationText(per_entry), " per entry"));
                              },
                              std::move(done)));
}

void FaultInjector::SetLink(const Pair& link, int number, const LinkSpec& spec) {
  cluster_->SetLink(link.first, link.second, spec);
  set_.insert(link);
  EmitLink(RunEvent::LINK_SET, link, number, LinkText(spec));
}

void FaultInjector::CutLink(const Pair& link, int number) {
  cluster_->CutLink(link.first, link.second);
  cut_.insert(link);
  EmitLink(RunEvent::LINK_PARTITIONED, link, number);
}

void FaultInjector::HealLink(const Pair& link, int number) {
  cluster_->HealLink(link.first, link.second);
  cut_.erase(link);
  EmitLink(RunEvent::LINK_HEALED, link, number);
}

FaultInjector::Done FaultInjector::Then(absl::AnyInvocable<void()> effect, Done done) {
  return [effect = std::move(effect), done = std::move(done)](absl::Status status) mutable {
    if (status.ok()) effect();
    done(std::move(status));
  };
}

void FaultInjector::Emit(RunEvent::Kind kind, Instant when, int number, const NodeId& node,
                         const std::string& detail, uint64_t lsn) {
  RunEvent event;
  event.set_time_ns(ToNanos(when));
  event.set_kind(kind);
  event.set_node(node.name());
  event.set_detail(detail);
  event.set_lsn(lsn);
  event.set_fault(number);
  sink_(event);
}

void FaultInjector::EmitSince(Instant begun, RunEvent::Kind kind, int number, const NodeId& node) {
  RunEvent event;
  event.set_time_ns(ToNanos(scheduler_->Now()));
  event.set_begun_ns(ToNanos(begun));
  event.set_kind(kind);
  event.set_node(node.name());
  event.set_fault(number);
  sink_(event);
}

void FaultInjector::EmitLink(RunEvent::Kind kind, const Pair& link, int number,
                             const std::string& detail) {
  RunEvent event;
  event.set_time_ns(ToNanos(scheduler_->Now()));
  event.set_kind(kind);
  event.set_node(link.first.name());
  event.set_peer(link.second.name());
  event.set_detail(detail);
  event.set_fault(number);
  sink_(event);
}

LinkSpec FaultInjector::OwnNetwork(const Pair& link) const {
  LinkSpec spec;
  for (const proto::Link& own : network_) {
    for (const std::string& from : own.from()) {
      for (const std::string& to : own.to()) {
        if (from != link.first.name() || to != link.second.name()) continue;
        spec = LinkSpecOf(own);
      }
    }
  }
  return spec;
}

void FaultInjector::Repair(Done done) {
  repaired_ = std::move(done);
  repairing_ = true;
  Emit(RunEvent::HEAL_BEGIN, scheduler_->Now(), 0, NodeId());
  RepairLinks();
  RepairNext();
}

void FaultInjector::RepairLinks() {
  std::set<Pair> flapping;
  for (const auto& [link, flap] : flaps_) flapping.insert(link);
  EndFlaps(flapping, 0);
  const std::set<Pair> cut = cut_;
  for (const Pair& link : cut) HealLink(link, 0);
  const std::set<Pair> set = set_;
  for (const Pair& link : set) SetLink(link, 0, OwnNetwork(link));
  set_.clear();
}

// Repairs one item at a time and chooses the next one afterwards, because a failpoint may break
// more in the meantime.
void FaultInjector::RepairNext() {
  repair_step_running_ = true;
  const auto step = [this](absl::string_view what, const NodeId& node) -> Done {
    return [this, text = absl::StrCat(what, " ", node.name())](const absl::Status& status) {
      RepairedStep(text, status);
    };
  };
  // Each item is removed before its repair: a repair that fails is reported once and not retried.
  if (!broken_disks_.empty()) {
    const NodeId node = *broken_disks_.begin();
    broken_disks_.erase(node);
    return HealDisk(node, 0, step("heal the disk of", node));
  }
  if (!paused_.empty()) {
    const NodeId node = paused_.extract(paused_.begin()).value();
    return Resume(node, 0, step("resume", node));
  }
  if (RepairOneDead()) return;
  if (!slowed_.empty()) {
    const NodeId node = slowed_.extract(slowed_.begin()).value();
    return SlowApply(node, 0, Nanos(0), step("end slow-apply on", node));
  }
  if (!throttled_.empty()) {
    const NodeId node = throttled_.extract(throttled_.begin()).value();
    return SetShare(node, 0, 1, step("end slow-node on", node));
  }
  if (!skewed_.empty()) {
    const NodeId node = skewed_.extract(skewed_.begin()).value();
    return SetWallClock(node, 0, Nanos(0), 0, step("end clock-skew on", node));
  }
  repair_step_running_ = false;
  if (!repaired_) return;
  absl::Status status;
  if (!repair_failures_.empty()) {
    status = absl::InternalError(absl::StrCat("faults could not be healed after the load: ",
                                              absl::StrJoin(repair_failures_, "; ")));
  }
  scheduler_->At(scheduler_->Now(), [done = std::exchange(repaired_, nullptr),
                                     status = std::move(status)]() mutable { done(status); });
}

void FaultInjector::RepairedStep(const std::string& what, const absl::Status& status) {
  if (!status.ok()) repair_failures_.push_back(absl::StrCat(what, ": ", status.message()));
  RepairNext();
}

}  // namespace replsim
