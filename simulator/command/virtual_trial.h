// The trial of `replsim explore`: runs a scenario in virtual time, in this process.
#pragma once

#include "simulator/explore/trial.h"

namespace replsim {

RunTrial VirtualTrial();

}  // namespace replsim
