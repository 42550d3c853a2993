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

const DelaySampler& VirtualNetwork::HopOf(Traffic traffic) const {
  switch (traffic) {
    case Traffic::kOther:
      break;
    case Traffic::kRequest:
      return machine_.request;
    case Traffic::kAnswer:
      return machine_.answer;
    case Traffic::kRecords:
      return machine_.records;
    case Traffic::kAck:
      return machine_.ack;
  }
  return machine_.hop;
}

void VirtualNetwork::Transmit(size_t from, size_t to, Instant depart, uint64_t bytes,
                              Arrival arrive, Traffic traffic) {
  Link& link = Find(from, to);
  Waiting message{bytes, traffic, std::move(arrive)};
  if (link.cut) return link.waiting.push_back(std::move(message));
  SetOut(link, depart, std::move(message), /*held=*/false);
}

void VirtualNetwork::SetOut(Link& link, Instant depart, Waiting message, bool held) {
  const Instant arrival =
      link.timing.Arrival(depart, message.bytes) + HopOf(message.traffic).Draw(link.rng);
  // Never before what left earlier, as on one TCP connection.
  link.last_arrival = std::max(link.last_arrival, arrival);
  scheduler_->At(link.last_arrival, [&link, held, arrive = std::move(message.arrive)]() mutable {
    if (link.cut) {
      link.held.push_back(std::move(arrive));
    } else {
      arrive(held);
    }
  });
}

void VirtualNetwork::Set(size_t from, size_t to, const LinkSpec& spec) {
  Find(from, to).timing.Set(spec);
}

void VirtualNetwork::Heal(size_t from, size_t to) {
  Link& link = Find(from, to);
  if (!std::exchange(link.cut, false)) return;
  const Instant now = scheduler_->Now();
  for (Arrival& arrive : std::exchange(link.held, {})) {
    scheduler_->At(now, [arrive = std::move(arrive)]() mutable { arrive(/*held=*/true); });
  }
  for (Waiting& waiting : std::exchange(link.waiting, {})) {
    SetOut(link, now, std::move(waiting), /*held=*/true);
  }
}

}  // namespace replsim
