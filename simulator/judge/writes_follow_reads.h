// Writes follow reads: a client's write is newer than what the client had read before, so whoever
// sees the write does not read anything older than that.
#pragma once

#include <string>

#include "simulator/judge/write_order.h"

namespace replsim::judge {

void NeedWritesFollowReads(const Registers& registers, WriteOrder* order);
std::string TellWritesFollowReads(const Registers& registers, const WriteOrder::Why& why);

}  // namespace replsim::judge
