// The links between the processes of a virtual cluster: one per directed pair, each with its delay,
// jitter and bandwidth (link_timing.h), ordered like TCP. Nothing passes a link that is cut: what
// was on its way comes when it is healed, what is sent meanwhile sets out then, as in live relays.
//
// Messages that set out on one link at one instant (those of one turn of a node, or of one heal)
// travel as one TCP segment: they share one draw of hop, delay and jitter (ArrivalInSegment).
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "common/base/rng.h"
#include "simulator/cluster/managed/link_timing.h"
#include "simulator/cluster/seam/cluster.h"
#include "simulator/cluster/seam/scheduler.h"
#include "simulator/cluster/virtual/machine.h"

namespace replsim {

// What travels, where the machine may have a hop of its own for it (proto::Hops).
enum class Traffic { kOther, kRequest, kAnswer, kRecords, kAck };

class VirtualNetwork {
 public:
  // `held`: a cut has held it back.
  using Arrival = absl::AnyInvocable<void(bool held)>;

  // Ends of links are numbered; `scheduler` outlives the network.
  VirtualNetwork(size_t ends, const Machine& machine, Scheduler* scheduler, const Rng& rng);

  // `arrive` runs when what leaves `from` at `depart` (not before now) has come to `to`.
  void Transmit(size_t from, size_t to, Instant depart, uint64_t bytes, Arrival arrive,
                Traffic traffic = Traffic::kOther);

  // A new TCP connection between the two: what goes over it does not wait for what an old one is
  // still sending again.
  void Connect(size_t a, size_t b);

  void Set(size_t from, size_t to, const LinkSpec& spec);
  void Cut(size_t from, size_t to) { Find(from, to).cut = true; }
  void Heal(size_t from, size_t to);
  // What is on its way to and from `end` never arrives.
  void Lose(size_t end);

 private:
  struct Waiting {
    uint64_t bytes;
    Traffic traffic;
    Arrival arrive;
  };
  struct Link {
    explicit Link(const Rng& own) : rng(own.Fork("hop")), timing(own.Fork("link")) {}
    bool cut = false;
    uint64_t losses = 0;  // of all that was on its way
    Rng rng;
    LinkTiming timing;
    Instant set_out = kNever;  // when the segment sent last did; kNever: it takes no more
    Nanos hop{0};              // its
    Instant last_arrival;
    std::deque<Arrival> held;     // came to the cut
    std::deque<Waiting> waiting;  // sent while it was cut
  };

  Link& Find(size_t from, size_t to);
  const DelaySampler& HopOf(Traffic traffic) const;
  // `held`: a cut has held the message back.
  void SetOut(Link& link, Instant depart, Waiting message, bool held);

  const size_t ends_;
  const Machine machine_;
  Scheduler* const scheduler_;
  const Rng rng_;
  std::vector<std::unique_ptr<Link>> links_;  // from × to, made when first used
};

}  // namespace replsim
