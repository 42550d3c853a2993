// Monotonic writes: a reader that has seen a client's write reads no value older than what that
// client wrote before, on any key. It never sees the writes of one key in reverse order.
#pragma once

#include <string>

#include "simulator/judge/write_order.h"

namespace replsim::judge {

void NeedMonotonicWrites(const Registers& registers, WriteOrder* order);
std::string TellMonotonicWrites(const Registers& registers, const WriteOrder::Why& why);

}  // namespace replsim::judge
