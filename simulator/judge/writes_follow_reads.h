// Writes follow reads: a client's write is newer than everything that the client had read before. A
// reader of the write must not read older values afterwards.
#pragma once

#include <string>

#include "simulator/judge/write_order.h"

namespace replsim::judge {

void NeedWritesFollowReads(const Registers& registers, WriteOrder* order);
std::string TellWritesFollowReads(const Registers& registers, const WriteOrder::Why& why);

}  // namespace replsim::judge
