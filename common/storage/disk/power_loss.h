// The power of a node is lost: its files are cut back to what had been flushed. The node must not
// be running. Files that it never opened stay as they are.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/base/rng.h"
#include "common/storage/disk/flush_notes.h"
#include "common/storage/file/file.h"

namespace replsim {

// Cuts every file below `folder`, and undoes what undo_journal.h names. With `torn`, some
// unflushed sectors survive: half of the time the ones written first, up to a random one, and half
// of the time a random subset, because a disk may write its cache in any order.
// Returns how many bytes of data were lost.
absl::StatusOr<uint64_t> LosePower(FileSystem& fs, FlushNotes& notes, const std::string& folder,
                                   Rng* torn);

}  // namespace replsim
