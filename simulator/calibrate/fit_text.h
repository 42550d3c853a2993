// A fitted machine as text: the block that a scenario takes, and what each part rests on.
#pragma once

#include <string>

#include "simulator/calibrate/fit_machine.h"

namespace replsim {

// `machine:` in YAML, behind a comment that says where it comes from.
std::string MachineYaml(const MachineFit& fit, const std::string& run);

// A row for each part: how many samples, their quantiles, what the default is.
std::string FitTable(const MachineFit& fit);

}  // namespace replsim
