#include "simulator/cluster/managed/link_timing.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/numeric/int128.h"

namespace replsim {
namespace {

// Rounds up, so that a link is never faster than its bandwidth.
Nanos TimeToSend(size_t bytes, uint64_t bits_per_second) {
  constexpr absl::uint128 kBitNanosPerByte = 8'000'000'000;
  constexpr absl::uint128 kMost = DelaySampler::kLongest.count();
  const absl::uint128 ns = (bytes * kBitNanosPerByte + bits_per_second - 1) / bits_per_second;
  return Nanos(static_cast<int64_t>(absl::Uint128Low64(std::min(ns, kMost))));
}

}  // namespace

void LinkTiming::Set(const LinkSpec& spec) {
  delay_ = DelaySampler(spec.delay);
  jitter_ = spec.jitter;
  bits_per_second_ = spec.bits_per_second;
  loss_ = spec.loss;
  if (bits_per_second_ == 0) free_at_ = Instant();
}

bool LinkTiming::IsImmediate() const {
  return delay_.IsZero() && jitter_ == Nanos(0) && bits_per_second_ == 0 && loss_ == 0;
}

size_t LinkTiming::ChunkBytes() const {
  constexpr uint64_t kPacket = 1500;  // an Ethernet frame
  if (bits_per_second_ == 0) return std::numeric_limits<size_t>::max();
  return std::max(kPacket, bits_per_second_ / 8 / 1000);
}

Instant LinkTiming::Arrival(Instant now, size_t bytes) {
  travel_ = delay_.Draw(rng_);
  if (jitter_ > Nanos(0)) travel_ += Nanos(rng_.Below(static_cast<uint64_t>(jitter_.count()) + 1));
  packet_room_ = 0;
  const Nanos stall = DrawStall(std::max<size_t>(1, BeginPackets(bytes)));
  return Leaves(now, bytes) + travel_ + stall;
}

Instant LinkTiming::ArrivalInSegment(Instant now, size_t bytes) {
  return Leaves(now, bytes) + travel_ + DrawStall(BeginPackets(bytes));
}

// Returns when the last of the bytes has left, as the bandwidth allows.
Instant LinkTiming::Leaves(Instant now, size_t bytes) {
  if (bits_per_second_ == 0) return now;
  const Instant sent = std::max(free_at_, now) + TimeToSend(bytes, bits_per_second_);
  // On a link of a few bits per second the queue must not exceed the range of the clock.
  return free_at_ = std::min(sent, now + DelaySampler::kLongest);
}

// Returns how many packets these bytes need beyond the room in the packet that the segment has
// begun.
size_t LinkTiming::BeginPackets(size_t bytes) {
  const size_t beyond = bytes - std::min(bytes, packet_room_);
  const size_t packets = beyond / kPacketBytes + (beyond % kPacketBytes > 0 ? 1 : 0);
  packet_room_ = packet_room_ + packets * kPacketBytes - bytes;
  return packets;
}

// Returns the delay of the last new packet caused by losses; 0 if none is lost. At least one packet
// of several is lost with 1 - (1 - loss)^packets; after each timeout one packet is assumed to be
// missing.
Nanos LinkTiming::DrawStall(size_t packets) {
  if (loss_ == 0 || packets == 0) return Nanos(0);
  Nanos stall{0};
  Nanos timeout = kRetransmitAfter;
  for (double lost = 1 - std::pow(1 - loss_, static_cast<double>(packets)); rng_.Chance(lost);
       lost = loss_) {
    stall += timeout;
    timeout = std::min(timeout * 2, kRetransmitAfterMost);
  }
  return stall;
}

}  // namespace replsim
