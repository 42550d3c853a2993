// The page of `replsim choose --html`: write latency against the worst loss of each failure, the
// table, and the runs that lost most, in one file that needs no network. It is readable without
// scripts. Pure.
#pragma once

#include <string>

#include "simulator/choose/choice.h"

namespace replsim {

std::string ChoosePage(const ChoiceResult& result);

}  // namespace replsim
