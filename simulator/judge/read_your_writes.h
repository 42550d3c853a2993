// Read your writes: a client's read of a key returns the client's own last answered write of the
// key, or a newer one.
#pragma once

#include <string>

#include "simulator/judge/write_order.h"

namespace replsim::judge {

void NeedReadYourWrites(const Registers& registers, WriteOrder* order);
std::string TellReadYourWrites(const Registers& registers, const WriteOrder::Why& why);

}  // namespace replsim::judge
