// `replsim validate`: compares this simulator's numbers with published ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace replsim {

// Options of the command line.
struct ValidateOptions {
  // "model", or "virtual" for a cluster in virtual time (cluster_trials.h).
  std::string runtime = "model";
  // Number of trials; more trials narrow the confidence intervals.
  uint64_t trials = 1'000'000;
  uint64_t seed = 1;
  std::string fit;  // one latency fit of FitNames(); empty: all
};

// Returns the values of --fit.
std::vector<std::string> FitNames();

// Prints results as they arrive. Returns kExitHeld if every number agrees
// (simulator/theory/validation.h defines when), kExitNotHeld if one does not.
int Validate(const ValidateOptions& options);

}  // namespace replsim
