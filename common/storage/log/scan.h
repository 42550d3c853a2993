// Reads a whole log from its folder and classifies each part: intact records, a torn tail that a
// crash explains, or corruption. Changes nothing. Log::Open and ReadLog use it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/storage/log/log.h"
#include "common/storage/log/segment.h"

namespace replsim {

struct ScannedSegment {
  std::string path;
  Lsn first;
  uint64_t size = 0;          // of the file
  uint64_t end = 0;           // where the intact records end; 0 if the header is not intact
  uint64_t bytes_before = 0;  // encoded size of all records in the segments before this one
  SegmentIndex index;
};

struct LogScan {
  std::vector<ScannedSegment> segments;  // ascending, without a gap; empty for a new log
  // Segments before the first position, left by a crash during TruncateFront.
  std::vector<std::string> dropped;
  Recovery recovery;
  bool torn = false;                          // the last segment must be truncated to its `end`
  bool damaged = false;                       // the reason is corruption, not a crash
  std::vector<std::string> after_corruption;  // segments after the corruption
};

using RecordVisitor = std::function<void(const RecordView&)>;

// Returns DataLoss for corruption, with file, offset and LSN. With `truncate_corruption` the scan
// ends at the corruption instead and describes it in recovery.cut. `archive`: see ReadLog. `visit`
// may be null; it may have been called for records before an error is found.
absl::StatusOr<LogScan> ScanLog(FileSystem& fs, const std::string& folder,
                                const RecordVisitor& visit, bool truncate_corruption,
                                const std::string& archive = "");

}  // namespace replsim
