// Faults that change by themselves or end at once: flapping links, connection resets, slow nodes
// and wrong clocks.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/faults/describe_fault.h"
#include "simulator/faults/fault_injector.h"
#include "simulator/faults/fault_links.h"

namespace replsim {

using proto::RunEvent;

// --- connections ---

void FaultInjector::ResetLinks(const proto::Fault& fault, int number) {
  for (const Pair& link : LinksOf(fault, false)) {
    cluster_->ResetLink(link.first, link.second);
    EmitLink(RunEvent::LINK_RESET, link, number);
  }
}

// --- flapping ---

void FaultInjector::BeginFlap(const proto::Fault& fault, int number) {
  const Nanos period(fault.period().ns());
  const Nanos down(static_cast<int64_t>(static_cast<double>(period.count()) * fault.share()));
  for (const Pair& link : LinksOf(fault, !fault.one_way())) {
    const uint64_t id = ++last_flap_;
    flaps_.insert_or_assign(link, Flap{id, number, down, period - down});
    EmitLink(RunEvent::FLAPPING, link, number,
             absl::StrCat(DurationText(down), " of every ", DurationText(period)));
    Toggle(link, id);
  }
}

void FaultInjector::Toggle(const Pair& link, uint64_t flap) {
  const auto it = flaps_.find(link);
  if (it == flaps_.end() || it->second.id != flap) return;
  const bool was_cut = cut_.contains(link);
  if (was_cut) {
    HealLink(link, it->second.number);
  } else {
    CutLink(link, it->second.number);
  }
  const Nanos until = was_cut ? it->second.up : it->second.down;
  scheduler_->At(scheduler_->Now() + until, [this, link, flap, alive = std::weak_ptr(alive_)] {
    if (alive.lock()) Toggle(link, flap);
  });
}

void FaultInjector::EndFlaps(const std::set<Pair>& links, int number) {
  for (const Pair& link : links) {
    if (flaps_.erase(link) > 0) EmitLink(RunEvent::FLAP_ENDED, link, number);
  }
}

// --- nodes ---

void FaultInjector::SetShare(const NodeId& node, int number, double share, Done done) {
  cluster_->SetShare(
      node, share,
      Then(
          [this, node, number, share] {
            const bool ended = share == 1;
            if (ended) {
              throttled_.erase(node);
            } else {
              throttled_.insert(node);
            }
            Emit(RunEvent::NODE_SLOWED, scheduler_->Now(), number, node,
                 ended ? std::string("ended") : absl::StrCat(share, " of a processor"));
          },
          std::move(done)));
}

void FaultInjector::SetWallClock(const NodeId& node, int number, Nanos ahead, double drift,
                                 Done done) {
  cluster_->SetWallClock(node, ahead, drift,
                         Then(
                             [this, node, number, ahead, drift] {
                               const bool ended = ahead == Nanos(0) && drift == 0;
                               if (ended) {
                                 skewed_.erase(node);
                               } else {
                                 skewed_.insert(node);
                               }
                               Emit(RunEvent::CLOCK_SKEWED, scheduler_->Now(), number, node,
                                    ended ? std::string("ended") : SkewText(ahead, drift));
                             },
                             std::move(done)));
}

bool FaultInjector::Lasts(const proto::Fault& fault, const NodeId& node) const {
  switch (fault.do_()) {
    case proto::KILL:
    case proto::HOST_LOSS:
    case proto::POWER_LOSS:
      return dead_.contains(node);
    case proto::PAUSE:
      return paused_.contains(node);
    case proto::SLOW_DISK:
    case proto::FSYNC_ERROR:
    case proto::DISK_FULL:
      return broken_disks_.contains(node);
    case proto::SLOW_APPLY:
      return slowed_.contains(node);
    case proto::SLOW_NODE:
      return throttled_.contains(node);
    case proto::CLOCK_SKEW:
      return skewed_.contains(node);
    case proto::PARTITION:
    case proto::FLAP:
      return AnyIsCut(fault);
    default:
      return true;
  }
}

}  // namespace replsim
