// Monotonic reads: a client's read of a key returns the value of the client's previous read of the
// key, or of a newer write.
#pragma once

#include <string>

#include "simulator/judge/write_order.h"

namespace replsim::judge {

void NeedMonotonicReads(const Registers& registers, WriteOrder* order);
std::string TellMonotonicReads(const Registers& registers, const WriteOrder::Why& why);

}  // namespace replsim::judge
