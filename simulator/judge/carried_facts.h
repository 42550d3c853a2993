// Facts that a write carries: what its client knew when it made the write. For monotonic writes
// these are the client's own earlier writes; for writes follow reads, everything it had read. A
// client that sees the write must from then on see these values, or newer ones, on every key.
#pragma once

#include <cstdint>

#include "simulator/judge/write_order.h"

namespace replsim::judge {

enum class Facts : uint8_t { kWrites, kReads };

// Whether an operation shows such a fact to its client.
inline bool IsFact(const Access& access, Facts facts) {
  if (facts == Facts::kReads) return access.is_read && access.write != kInitialWrite;
  return !access.is_read && access.is_answered;
}

// Adds the needs of every read by a client that had seen a write W before: the facts of W's client
// are not newer than the value that the read saw. Facts about W's own key are older than W, so the
// read must not see them. `why` names the fact's operation, the read that saw W, and this read.
void NeedCarriedFacts(const Registers& registers, Facts facts, WriteOrder* order);

// The same with a candidate order. Only the newest fact per reader and key is needed, so the cost
// is at most operations × clients.
void NeedNewestFacts(const Registers& registers, Facts facts, WriteOrder* order);

}  // namespace replsim::judge
