// The segments of an open log and the records in them: the offset of a record, the bytes before it,
// and reading it. The thread that appends shares this object with threads that read. It knows only
// records that are already written.
//
// Any thread may call the reading functions and back_file(). Only the thread that appends may call
// the others. The lock is never held during I/O.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/storage/file/file.h"
#include "common/storage/log/log_front.h"
#include "common/storage/log/record.h"
#include "common/storage/log/segment.h"

namespace replsim {

struct Segment {
  std::string path;
  Lsn first;
  std::shared_ptr<File> file;          // shared with reads in progress
  uint64_t end = kSegmentHeaderBytes;  // end of its records
  uint64_t bytes_before = 0;           // encoded size of all records in the segments before it
  SegmentIndex index;
};

class SegmentList {
 public:
  explicit SegmentList(std::string folder) : folder_(std::move(folder)) {}

  // Reading. `lsn` must not be after the last record.
  Lsn first() const;
  Position last() const;
  uint64_t bytes() const;
  std::optional<uint64_t> BytesAt(Lsn lsn) const;                     // see Log::BytesAt
  absl::StatusOr<BatchPtr> Read(Lsn from, uint64_t bytes_max) const;  // see Log::Read
  absl::StatusOr<Position> PositionAt(Lsn lsn) const;                 // front.before at first() - 1

  size_t size() const { return segments_.size(); }
  const Segment& at(size_t i) const { return *segments_[i]; }
  const Segment& back() const { return *segments_.back(); }
  std::shared_ptr<File> back_file() const;  // of the last segment; from any thread
  void Add(Segment segment);
  // Sets the range of the records that the added segments hold.
  void Opened(const LogFront& front, Position last, uint64_t bytes);
  void CheckFollows(const RecordBatch& batch) const;  // aborts if `batch` does not follow last()
  void Written(const RecordBatch& batch);             // at the end of the last segment
  void RemoveBack();                                  // removes the last segment; CutTo must follow
  void RemoveFront(size_t count, const LogFront& front);
  // `last` must lie in the last segment or directly before it; `bytes` is the size up to `last`.
  void CutTo(Position last, uint64_t bytes);

 private:
  // The part of one segment that holds a wanted record; it is read without the lock.
  struct CurveInterval {
    std::string path;
    std::shared_ptr<File> file;
    Lsn lsn;  // of the record at `begin`
    uint64_t begin = 0;
    uint64_t end = 0;  // the wanted record ends at or before this
    uint64_t segment_end = 0;
    uint64_t bytes_before = 0;
  };

  std::optional<CurveInterval> Locate(Lsn lsn) const;  // absent: `lsn` lies before the first record
  absl::Status NotInLog(Lsn lsn) const;
  absl::StatusOr<Lsn> ReadInto(Lsn from, uint64_t bytes_max, std::string* out) const;

  const std::string folder_;
  mutable std::mutex mutex_;  // guards the rest; the thread that appends may read without it
  std::vector<std::unique_ptr<Segment>> segments_;
  LogFront front_;
  Position last_;
  uint64_t bytes_ = 0;
  // The last LSN of each recent batch and the size of the log up to it. For these LSNs, BytesAt
  // reads no file.
  std::deque<std::pair<Lsn, uint64_t>> recent_;
};

}  // namespace replsim
