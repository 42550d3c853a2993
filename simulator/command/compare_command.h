// `replsim compare`: runs side by side, and one run held to another by thresholds.
#pragma once

#include <string>
#include <vector>

namespace replsim {

struct CompareOptions {
  std::vector<std::string> folders;
  std::string base;  // which column the others are compared with; empty: the first
  std::vector<std::string>
      thresholds;        // as written (analysis/compare/threshold.h); then two folders
  std::string html;      // a file for the page; empty: none
  std::string markdown;  // a file or "-" for stdout; empty: none
  std::string junit;     // a file for the thresholds' verdicts; empty: none
};

// Prints, or says on stderr what is wrong, and returns the exit status.
int Compare(const CompareOptions& options);

}  // namespace replsim
