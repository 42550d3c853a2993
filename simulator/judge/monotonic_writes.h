// Monotonic writes: whoever sees a client's write has seen the client's writes before it: what a
// reader then reads of their keys is not older. Of one key, it does not see the writes in reverse.
#pragma once

#include <string>

#include "simulator/judge/write_order.h"

namespace replsim::judge {

void NeedMonotonicWrites(const Registers& registers, WriteOrder* order);
std::string TellMonotonicWrites(const Registers& registers, const WriteOrder::Why& why);

}  // namespace replsim::judge
