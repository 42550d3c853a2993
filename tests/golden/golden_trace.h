// Formats golden traces: one line per effect, "time node what", in virtual time.
#pragma once

#include <string>

#include "tests/unit/core_harness.h"

namespace replsim {

// Returns an empty text for an effect that another line already shows.
std::string SpellEffect(CoreHarness& cluster, const std::string& node, const Effect& effect);
// One line per node: role, epoch, log and positions.
std::string SpellState(const CoreHarness& cluster);

}  // namespace replsim
