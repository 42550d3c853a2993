// When what is sent over one directed link arrives: a LinkSpec and the draws it needs. Every
// runtime asks here, so that the same link is the same in all of them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/base/rng.h"
#include "common/base/time.h"
#include "common/config/delay.h"
#include "simulator/cluster/seam/cluster.h"

namespace replsim {

class LinkTiming {
 public:
  explicit LinkTiming(const Rng& rng) : rng_(rng) {}

  // For what is sent from now on.
  void Set(const LinkSpec& spec);
  // Everything arrives when it is sent.
  bool IsImmediate() const;

  // When the last of `bytes` arrives that are handed to the link at `now`: they leave when what was
  // handed to it before has left, as fast as the bandwidth lets them, and take the delay, the
  // jitter and what losses cost from there. It may be earlier than what an earlier call returned:
  // whoever carries a stream keeps its order.
  Instant Arrival(Instant now, size_t bytes);
  // The same for bytes that follow the last ones in one TCP segment: they share that call's draws
  // of delay and jitter. Losses are drawn only for packets that these bytes begin.
  Instant ArrivalInSegment(Instant now, size_t bytes);
  // With a bandwidth, when all that was handed over has left; long ago without.
  Instant free_at() const { return free_at_; }
  // What to hand over at a time so that the first bytes do not wait for the last: a millisecond's
  // worth, but a packet at the least.
  size_t ChunkBytes() const;
  // One draw of the delay alone, for what is no chunk.
  Nanos DrawDelay() { return delay_.Draw(rng_); }

  // What is lost is sent again after this long, then after twice as long: Linux's TCP_RTO_MIN, and
  // the doubling of RFC 6298 §5.5 up to TCP_RTO_MAX. A round trip is not added, nor is fast
  // retransmit emulated: a stream too thin for three duplicate acknowledgements waits this out.
  static constexpr Nanos kRetransmitAfter = Millis(200);
  static constexpr Nanos kRetransmitAfterMost = Millis(120'000);
  static constexpr size_t kPacketBytes = 1460;  // TCP's payload in a packet of Ethernet

 private:
  Instant Leaves(Instant now, size_t bytes);
  size_t BeginPackets(size_t bytes);
  Nanos DrawStall(size_t packets);

  Rng rng_;
  DelaySampler delay_;
  Nanos jitter_{0};
  uint64_t bits_per_second_ = 0;
  double loss_ = 0;
  Instant free_at_{};
  // Of the segment sent last.
  Nanos travel_{0};         // its delay and jitter
  size_t packet_room_ = 0;  // bytes that its last packet still takes
};

}  // namespace replsim
