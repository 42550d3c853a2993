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
  const bool in_segment = std::exchange(link.set_out, scheduler_->Now()) == scheduler_->Now();
  if (!in_segment) link.hop = HopOf(message.traffic).Draw(link.rng);
  const Instant arrival =
      link.hop + (in_segment ? link.timing.ArrivalInSegment(depart, message.bytes)
                             : link.timing.Arrival(depart, message.bytes));
  // Never before earlier messages, as on one TCP connection.
  link.last_arrival = std::max(link.last_arrival, arrival);
  scheduler_->At(link.last_arrival,
                 [&link, held, losses = link.losses, arrive = std::move(message.arrive)]() mutable {
                   if (losses != link.losses) return;
                   if (link.cut) {
                     link.held.push_back(std::move(arrive));
                   } else {
                     arrive(held);
                   }
                 });
}

void VirtualNetwork::Connect(size_t a, size_t b) {
  Find(a, b).last_arrival = Find(b, a).last_arrival = Instant();
}

void VirtualNetwork::Set(size_t from, size_t to, const LinkSpec& spec) {
  Link& link = Find(from, to);
  link.timing.Set(spec);
  link.set_out = kNever;
}

void VirtualNetwork::Heal(size_t from, size_t to) {
  Link& link = Find(from, to);
  if (!std::exchange(link.cut, false)) return;
  const Instant now = scheduler_->Now();
  for (Arrival& arrive : std::exchange(link.held, {})) {
    scheduler_->At(now, [&link, losses = link.losses, arrive = std::move(arrive)]() mutable {
      if (losses == link.losses) arrive(/*held=*/true);
    });
  }
  for (Waiting& waiting : std::exchange(link.waiting, {})) {
    SetOut(link, now, std::move(waiting), /*held=*/true);
  }
}

void VirtualNetwork::Lose(size_t end) {
  for (size_t other = 0; other < ends_; ++other) {
    for (Link* link : {&Find(end, other), &Find(other, end)}) {
      ++link->losses;
      link->held.clear();
      link->waiting.clear();
      link->set_out = kNever;
    }
  }
}

}  // namespace replsim
