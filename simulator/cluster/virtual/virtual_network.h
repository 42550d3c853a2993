// The links of a virtual cluster: one per directed pair of ends, with delay, jitter, bandwidth and
// loss (link_timing.h), ordered like TCP. A cut link passes nothing. Messages in flight arrive when
// it heals; messages sent during the cut set out then. Live relays behave alike.
//
// Messages that set out on one link at one instant (in one turn of a node, or at one heal) travel
// as one TCP segment: they share one draw of hop, delay and jitter (ArrivalInSegment).
//
// Single-threaded, under the scheduler.
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

// Message types for which the machine may have a hop of its own (proto::Hops).
enum class Traffic { kOther, kRequest, kAnswer, kRecords, kAck };

class VirtualNetwork {
 public:
  // `held` says whether a cut has held the message back.
  using Arrival = absl::AnyInvocable<void(bool held)>;

  // The ends of links are numbered from 0. `scheduler` outlives the network.
  VirtualNetwork(size_t ends, const Machine& machine, Scheduler* scheduler, const Rng& rng);

  // Sends a message that leaves `from` at `depart` (not before now). Calls `arrive` when it has
  // reached `to`.
  void Transmit(size_t from, size_t to, Instant depart, uint64_t bytes, Arrival arrive,
                Traffic traffic = Traffic::kOther);

  // Begins a new TCP connection between the two ends: its messages do not wait for retransmissions
  // of the old one.
  void Connect(size_t a, size_t b);

  void Set(size_t from, size_t to, const LinkSpec& spec);
  void Cut(size_t from, size_t to) { Find(from, to).cut = true; }
  void Heal(size_t from, size_t to);
  // Drops everything in flight to and from `end`.
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
    uint64_t losses = 0;  // how often everything in flight was dropped
    Rng rng;
    LinkTiming timing;
    // When the last segment set out; kNever: the next message begins a new one.
    Instant set_out = kNever;
    Nanos hop{0};  // hop of the last segment
    Instant last_arrival;
    std::deque<Arrival> held;     // arrived during a cut
    std::deque<Waiting> waiting;  // sent during a cut
  };

  Link& Find(size_t from, size_t to);
  const DelaySampler& HopOf(Traffic traffic) const;
  // `held` says whether a cut has held the message back.
  void SetOut(Link& link, Instant depart, Waiting message, bool held);

  const size_t ends_;
  const Machine machine_;
  Scheduler* const scheduler_;
  const Rng rng_;
  std::vector<std::unique_ptr<Link>> links_;  // from × to; created at the first use
};

}  // namespace replsim
