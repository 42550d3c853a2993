// Renders a fitted machine: the block for a scenario, and the evidence of each part. Pure.
#pragma once

#include <string>

#include "simulator/calibrate/fit_machine.h"

namespace replsim {

// `machine:` in YAML, after a comment that states its origin.
std::string MachineYaml(const MachineFit& fit, const std::string& run);

// One row per part: number of samples, quantiles, default.
std::string FitTable(const MachineFit& fit);

}  // namespace replsim
