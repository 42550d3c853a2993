// The links between the processes of a virtual cluster: one per directed pair, each with its delay,
// jitter and bandwidth, ordered like TCP. What travels over a cut link waits until it is healed, as
// it does in live relays.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "common/base/rng.h"
#include "simulator/cluster/cluster.h"
#include "simulator/cluster/scheduler.h"
#include "simulator/cluster/virtual/machine.h"

namespace replsim {

class VirtualNetwork {
 public:
  // `held`: a cut has held it back.
  using Arrival = absl::AnyInvocable<void(bool held)>;

  // Ends of links are numbered; `scheduler` outlives the network.
  VirtualNetwork(size_t ends, const Machine& machine, Scheduler* scheduler, const Rng& rng);

  // `arrive` runs when what leaves `from` at `depart` (not before now) has come to `to`.
  void Transmit(size_t from, size_t to, Instant depart, uint64_t bytes, Arrival arrive);

  void Set(size_t from, size_t to, LinkSpec spec);
  void Cut(size_t from, size_t to) { Find(from, to).cut = true; }
  void Heal(size_t from, size_t to);

 private:
  struct Link {
    Link(const Rng& own) : rng(own) {}
    LinkSpec spec;
    bool cut = false;
    Rng rng;
    Instant last_arrival;
    std::deque<Arrival> held;  // arrived while cut
  };

  Link& Find(size_t from, size_t to);
  Nanos DrawDelay(Link& link);

  const size_t ends_;
  const Machine machine_;
  Scheduler* const scheduler_;
  const Rng rng_;
  std::vector<std::unique_ptr<Link>> links_;  // from × to, made when first used
};

}  // namespace replsim
