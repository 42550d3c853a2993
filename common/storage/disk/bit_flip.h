// Turns one bit of a record in a node's log, as a disk does that forgets. The node may be running.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "common/base/rng.h"
#include "common/storage/file/file.h"

namespace replsim {

struct FlippedBit {
  std::string path;
  uint64_t offset = 0;  // of the byte
  Lsn lsn;
};

// In the payload of `lsn`; 0: of a record that is drawn. NotFoundError: there is no such record.
absl::StatusOr<FlippedBit> FlipBit(FileSystem& fs, const std::string& log_folder, Lsn lsn, Rng rng);

}  // namespace replsim
