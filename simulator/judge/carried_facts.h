// What a client knew when it made a write: its own writes before (monotonic writes), or what it had
// read before (writes follow reads). A client that sees the write must
// from then on see all of that, or newer values, on every key.
#pragma once

#include <cstdint>

#include "simulator/judge/write_order.h"

namespace replsim::judge {

enum class Facts : uint8_t { kWrites, kReads };

// Needs, for every read of a client that had seen a write W before: the facts that W's client knew
// are not newer than what the read saw. If W is of the same key, they are older than W: the read
// does not see one of them. In `why`: the fact's operation, the read that saw W, and this one.
void NeedCarriedFacts(const Registers& registers, Facts facts, WriteOrder* order);

// The same with a candidate order: of the facts that a reader knows of a key, only the newest is
// needed, which makes it linear in operations times clients at worst.
void NeedNewestFacts(const Registers& registers, Facts facts, WriteOrder* order);

}  // namespace replsim::judge
