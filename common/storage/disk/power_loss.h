// Simulates a power loss of a node by truncating its files to what had been flushed. The node must
// not be running. Files that it never opened stay as they are.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/base/rng.h"
#include "common/storage/disk/durable_extents.h"
#include "common/storage/file/file.h"

namespace replsim {

// Truncates the files in `folder` and in `folder`/log, and undoes the changes in the undo journal,
// if there is one. If `torn` is not null, some unflushed sectors survive: half of the time those up
// to a random one, half of the time a random subset, because a disk may write its cache in any
// order. Returns how many bytes of data were lost.
absl::StatusOr<uint64_t> LosePower(FileSystem& fs, DurableExtents& extents,
                                   const std::string& folder, Rng* torn);

}  // namespace replsim
