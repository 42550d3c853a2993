// The state that a node persists besides its log: the highest epoch it has promised to follow or
// lead, its vote in that epoch, the in-sync set that it stores as a witness, whether it was shut
// down in order, and the epoch history of its log. It is kept in the file `metadata` in the node's
// folder, with a checksum, and replaced atomically (ReplaceFile). A corrupt file is DataLoss with
// its name, never a fresh start.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/file/file.h"
#include "common/storage/log/epoch_history.h"
#include "common/storage/log/published_set.h"

namespace replsim {

struct Metadata {
  Epoch epoch;
  EpochHistory history;
  NodeId voted_for{};      // in an election for `epoch`; empty: for none
  PublishedSet in_sync{};  // the newest that a primary has published; only witnesses have one
  // The node was shut down in order: the log has everything that it had reported (NodeStorage).
  bool clean = false;
};

// A folder without the file gives an empty Metadata.
absl::StatusOr<Metadata> LoadMetadata(FileSystem& fs, const std::string& folder);
absl::Status SaveMetadata(FileSystem& fs, const std::string& folder, const Metadata& metadata);

}  // namespace replsim
