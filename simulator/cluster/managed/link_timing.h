// Arrival times on one directed link: applies a LinkSpec and makes its random draws. Both runtimes
// use this class, so a link behaves alike in both. Single-threaded.
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

  // Takes effect for bytes handed over from now on.
  void Set(const LinkSpec& spec);
  // Returns whether bytes arrive at the instant at which they are sent.
  bool IsImmediate() const;

  // Returns when the last of `bytes`, handed over at `now`, arrives. The bytes leave after all
  // earlier ones, at the speed of the bandwidth; delay, jitter and retransmissions follow. The
  // result may be earlier than that of an earlier call: the caller keeps the order of a stream.
  Instant Arrival(Instant now, size_t bytes);
  // Like Arrival, for bytes that follow the last ones in the same TCP segment: they share the draws
  // of delay and jitter. Losses are drawn only for the packets that these bytes begin.
  Instant ArrivalInSegment(Instant now, size_t bytes);
  // Returns when all bytes handed over have left. Without a bandwidth limit: an instant in the
  // past.
  Instant free_at() const { return free_at_; }
  // Returns how many bytes to hand over at a time, so that the first ones do not wait for the last:
  // one millisecond of the bandwidth, but at least one packet. Without a bandwidth limit there is
  // no maximum.
  size_t ChunkBytes() const;
  // Draws the delay alone, for example for a connection handshake.
  Nanos DrawDelay() { return delay_.Draw(rng_); }

  // A lost packet is retransmitted after kRetransmitAfter (Linux's TCP_RTO_MIN). The timeout
  // doubles up to kRetransmitAfterMost (TCP_RTO_MAX; RFC 6298 section 5.5). The round trip is not
  // added, and fast retransmit is not modelled: a stream too thin for three duplicate
  // acknowledgements waits for the timeout.
  static constexpr Nanos kRetransmitAfter = Millis(200);
  static constexpr Nanos kRetransmitAfterMost = Millis(120'000);
  static constexpr size_t kPacketBytes = 1460;  // TCP payload of an Ethernet frame

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
  // State of the segment sent last.
  Nanos travel_{0};         // its delay and jitter
  size_t packet_room_ = 0;  // bytes that its last packet can still take
};

}  // namespace replsim
