// The runs in the folder that `replsim run --out` fills: OUT/<scenario>/<time>. Symbolic links
// (`latest`, and whatever else somebody has put there) are never followed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace replsim {

struct StoredRun {
  std::string scenario;  // the name of its folder
  std::string path;
};

// Every run of every scenario, those of a scenario together and the newest first. A run is a folder
// that has the name which `replsim run` gives and that holds a recording with a manifest: a folder
// that somebody has renamed ("baseline") is not listed. InvalidArgument: `out` is not a folder.
absl::StatusOr<std::vector<StoredRun>> ListRuns(const std::string& out);

// The bytes of all regular files below `folder`.
uint64_t BytesIn(const std::string& folder);

// Removes the folder of the run, and the link `latest` beside it if that points at it.
absl::Status RemoveRun(const StoredRun& run);

// "1.3 GB", "140 MB", "512 B": decimal units.
std::string BytesText(uint64_t bytes);

}  // namespace replsim
