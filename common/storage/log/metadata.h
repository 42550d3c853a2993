// The state that a node persists besides its log: the highest epoch it has promised to follow or
// lead, its vote in that epoch, and the epoch history of its log. It is kept in the file `metadata`
// in the node's folder, with a checksum, and replaced atomically (ReplaceFile). A corrupt file is
// DataLoss with its name, never a fresh start.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/file/file.h"
#include "common/storage/log/epoch_history.h"

namespace replsim {

struct Metadata {
  Epoch epoch;
  EpochHistory history;
  NodeId voted_for{};  // in an election for `epoch`; empty: for none
};

// A folder without the file gives an empty Metadata.
absl::StatusOr<Metadata> LoadMetadata(FileSystem& fs, const std::string& folder);
absl::Status SaveMetadata(FileSystem& fs, const std::string& folder, const Metadata& metadata);

}  // namespace replsim
