// An epoch that a node has seen is a promise: to follow nobody of a lower one. It must outlive the
// process.
#pragma once

#include <string>
#include <vector>

#include "simulator/recording/recording.h"

namespace replsim {

// A sentence for each node that was started with an older epoch than it had seen.
std::vector<std::string> FindForgottenEpochs(const Recording& recording);

}  // namespace replsim
