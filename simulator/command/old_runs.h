// Lists and removes the runs in the folder of `replsim run --out`: OUT/<scenario>/<time>. Symbolic
// links, such as `latest`, are never followed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace replsim {

struct StoredRun {
  std::string scenario;  // name of the scenario's folder
  std::string path;
};

// Lists every run of every scenario, grouped by scenario, the newest first. A run is a folder that
// has a name given by `replsim run` and holds a recording with a manifest. A renamed folder
// ("baseline") is not listed. INVALID_ARGUMENT if `out` is not a folder.
absl::StatusOr<std::vector<StoredRun>> ListRuns(const std::string& out);

// Returns the total size in bytes of all regular files below `folder`.
uint64_t BytesIn(const std::string& folder);

// Removes the folder of the run, and the link `latest` next to it if it points there.
absl::Status RemoveRun(const StoredRun& run);

// "1.3 GB", "140 MB", "512 B": decimal units.
std::string BytesText(uint64_t bytes);

}  // namespace replsim
