// `replsim clean`: removes old runs.
#pragma once

#include <cstdint>
#include <string>

namespace replsim {

// Options of the command line.
struct CleanOptions {
  std::string out = "runs";
  uint32_t keep = 0;     // newest runs to keep of each scenario; at least 1
  bool dry_run = false;  // only print what would be removed
};

// Prints each removed run and its size. Returns the exit status: kExitUsage if `out` is not a
// folder.
int Clean(const CleanOptions& options);

// If the runs in `out` exceed one gigabyte, prints their size and a hint to stderr.
void ReportRunFolderSize(const std::string& out);

}  // namespace replsim
