// Reading a whole log as it lies in its folder and judging it: what is intact, what is a torn tail
// that a crash explains, and what is damage that nothing may be built on. Changes nothing;
// Log::Open and ReadLog are both made of it.
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
  uint64_t end = 0;           // where the records end; 0 where not even the header is whole
  uint64_t bytes_before = 0;  // encoded size of all records in the segments before this one
  SegmentIndex index;
};

struct LogScan {
  std::vector<ScannedSegment> segments;  // ascending, without a gap; empty for a new log
  // Segments before the first position, which a crash kept TruncateFront from removing.
  std::vector<std::string> dropped;
  Recovery recovery;
  bool torn = false;     // the last segment holds bytes after its `end` that must be cleared
  bool damaged = false;  // they are damage, not the work of a crash
  std::vector<std::string> beyond_damage;  // segments that follow it
};

using RecordVisitor = std::function<void(const RecordView&)>;

// DataLossError: damage, with file, offset and LSN; with `cut_damage` the scan ends there instead,
// and recovery.cut says so. `archive`: see ReadLog. `visit` may be null; it may have seen records
// before an error is found.
absl::StatusOr<LogScan> ScanLog(FileSystem& fs, const std::string& folder,
                                const RecordVisitor& visit, bool cut_damage,
                                const std::string& archive = "");

}  // namespace replsim
