// Monotonic reads: a client's read of a key sees what its read of the key before it saw, or a newer
// write.
#pragma once

#include <string>

#include "simulator/judge/write_order.h"

namespace replsim::judge {

void NeedMonotonicReads(const Registers& registers, WriteOrder* order);
std::string TellMonotonicReads(const Registers& registers, const WriteOrder::Why& why);

}  // namespace replsim::judge
