// `replsim lint`: checks scenario files without running them.
#pragma once

#include <string>
#include <vector>

namespace replsim {

// Options of the command line.
struct LintOptions {
  std::vector<std::string> paths;   // scenario files; "-" is stdin
  std::vector<std::string> sets;    // --set PATH=VALUE, in every file
  std::vector<std::string> varies;  // --vary PATH=A,B, in every file
};

// For each file prints its variants to stdout, and its warnings or all of its mistakes to stderr.
// Returns 0, or 64 if a file has a mistake or cannot be read.
int Lint(const LintOptions& options);

}  // namespace replsim
