// Flips one bit of a record in a node's log, to simulate silent corruption by the disk. The node
// may be running.
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

// Flips a random bit in the payload of the record at `lsn`, or of a random record if `lsn` is 0.
// NotFound if there is no such record with a payload.
absl::StatusOr<FlippedBit> FlipBit(FileSystem& fs, const std::string& log_folder, Lsn lsn, Rng rng);

}  // namespace replsim
