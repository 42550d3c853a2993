// Describes the settings of a link in words, for events and descriptions of faults. Pure.
#pragma once

#include <string>

#include "simulator/cluster/seam/cluster.h"

namespace replsim {

// "delay 5ms, jitter 1ms", "delay exponential of mean 2ms + 75ms, jitter 0s, bandwidth 8Mbit/s"
std::string LinkText(const LinkSpec& spec);
// "5ms", "exponential of mean 2ms + 75ms"
std::string DelayText(const proto::Delay& delay);

}  // namespace replsim
