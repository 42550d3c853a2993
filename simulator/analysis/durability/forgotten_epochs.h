// Finds nodes that forgot an epoch. A node that has seen an epoch must never follow a lower one, so
// the epoch must survive a restart of the process.
#pragma once

#include <string>
#include <vector>

#include "simulator/recording/recording.h"

namespace replsim {

// One sentence per node that restarted with a lower epoch than it had seen before.
std::vector<std::string> FindForgottenEpochs(const Recording& recording);

}  // namespace replsim
