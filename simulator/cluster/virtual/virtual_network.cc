#include "simulator/cluster/virtual/virtual_network.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace replsim {

VirtualNetwork::VirtualNetwork(size_t ends, const Machine& machine, Scheduler* scheduler,
                               const Rng& rng)
    : ends_(ends), machine_(machine), scheduler_(scheduler), rng_(rng), links_(ends * ends) {}

VirtualNetwork::Link& VirtualNetwork::Find(size_t from, size_t to) {
  std::unique_ptr<Link>& link = links_[from * ends_ + to];
  if (link == nullptr) {
    link = std::make_unique<Link>(rng_.Fork(absl::StrCat("link ", from, " ", to)));
  }
  return *link;
}

Nanos VirtualNetwork::DrawDelay(Link& link) {
  Nanos delay = machine_.hop + link.spec.delay;
  if (link.spec.jitter > Nanos(0)) {
    delay += Nanos(
        static_cast<int64_t>(link.rng.Below(static_cast<uint64_t>(link.spec.jitter.count()) + 1)));
  }
  return delay;
}

void VirtualNetwork::Transmit(size_t from, size_t to, Instant depart, uint64_t /*bytes*/,
                              Arrival arrive) {
  Link& link = Find(from, to);
  // Never before what left earlier, as on one TCP connection.
  link.last_arrival = std::max(link.last_arrival, depart + DrawDelay(link));
  scheduler_->At(link.last_arrival, [&link, arrive = std::move(arrive)]() mutable {
    if (link.cut) {
      link.held.push_back(std::move(arrive));
    } else {
      arrive(/*held=*/false);
    }
  });
}

void VirtualNetwork::Set(size_t from, size_t to, LinkSpec spec) { Find(from, to).spec = spec; }

void VirtualNetwork::Heal(size_t from, size_t to) {
  Link& link = Find(from, to);
  link.cut = false;
  // Before anything that is still to arrive: that was sent later.
  for (Arrival& arrive : std::exchange(link.held, {})) {
    scheduler_->At(scheduler_->Now(),
                   [arrive = std::move(arrive)]() mutable { arrive(/*held=*/true); });
  }
}

}  // namespace replsim
