// The front of a log whose oldest segments were dropped: the position of the last record dropped.
// It is kept in the file `front` in the log's folder, with a checksum, and replaced atomically
// (ReplaceFile). A log that begins at LSN 1 has no such file.
//
// The file determines the first position of the log. Segments before that position do not belong to
// the log. A log whose first segment begins after it has lost records.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "common/storage/file/file.h"

namespace replsim {

struct LogFront {
  Position before;     // of the last record dropped; 0:0 if none was
  uint64_t bytes = 0;  // encoded size of all records up to it

  Lsn first() const { return before.lsn + 1; }
  bool operator==(const LogFront&) const = default;
};

// DataLossError: the file is corrupt.
absl::StatusOr<LogFront> LoadLogFront(FileSystem& fs, const std::string& log_folder);
absl::Status SaveLogFront(FileSystem& fs, const std::string& log_folder, const LogFront& front);

}  // namespace replsim
