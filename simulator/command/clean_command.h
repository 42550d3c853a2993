// `replsim clean`: removes old runs.
#pragma once

#include <cstdint>
#include <string>

namespace replsim {

struct CleanOptions {
  std::string out = "runs";
  uint32_t keep = 0;     // of each scenario, at least 1
  bool dry_run = false;  // only says what it would remove
};

// Prints what is removed and its size; returns the exit status. kExitUsage where `out` is not a
// folder.
int Clean(const CleanOptions& options);

// Says on stderr how much the runs in `out` take, where that is more than a gigabyte.
void MentionSizeOfRuns(const std::string& out);

}  // namespace replsim
