// `replsim lint`: what a scenario file says, checked, and not run.
#pragma once

#include <string>
#include <vector>

namespace replsim {

struct LintOptions {
  std::string scenario_path;
  std::vector<std::string> sets;    // --set PATH=VALUE
  std::vector<std::string> varies;  // --vary PATH=A,B
};

// Prints the variants and the warnings; 0, or 64 with the mistakes.
int Lint(const LintOptions& options);

}  // namespace replsim
