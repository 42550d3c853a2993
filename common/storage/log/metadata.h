// What a node must remember beside its log: the highest epoch it has promised to, and the epoch
// history of its log. Kept in `metadata` in the node's folder, replaced whole (ReplaceFile), with a
// checksum; a damaged file is an error that names it, never a fresh start.
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
};

// A folder without the file gives an empty Metadata.
absl::StatusOr<Metadata> LoadMetadata(FileSystem& fs, const std::string& folder);
absl::Status SaveMetadata(FileSystem& fs, const std::string& folder, const Metadata& metadata);

}  // namespace replsim
