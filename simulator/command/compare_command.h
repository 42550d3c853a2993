// `replsim compare`: shows runs side by side and checks one run against another by thresholds.
#pragma once

#include <string>
#include <vector>

namespace replsim {

// Options of the command line.
struct CompareOptions {
  std::vector<std::string> folders;
  std::string base;  // column to compare the others with; empty: the first
  // Bounds as typed (analysis/compare/threshold.h). With any bound, exactly two folders are
  // expected.
  std::vector<std::string> thresholds;
  std::string html;      // file for the page; empty: none
  std::string markdown;  // file, or "-" for stdout; empty: none
  std::string junit;     // file for the verdicts on the thresholds; empty: none
};

// Prints the comparison; errors go to stderr. Returns the exit status.
int Compare(const CompareOptions& options);

}  // namespace replsim
