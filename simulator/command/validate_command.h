// `replsim validate`: published numbers beside ours.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace replsim {

struct ValidateOptions {
  // Of the model, or of a cluster in virtual time (cluster_trials.h).
  std::string runtime = "model";
  uint64_t trials = 1'000'000;
  uint64_t seed = 1;
  std::string fit;  // empty: all
};

// What --fit may name.
std::vector<std::string> FitNames();

// Prints as it goes. kExitHeld if every number agrees (simulator/theory/validation.h says when),
// kExitNotHeld if one does not.
int Validate(const ValidateOptions& options);

}  // namespace replsim
