// The segments of an open log and what is in them: where a record lies, how many bytes come before
// it, reading it. This is the part of a log that the thread that appends shares with those that
// read; it only ever knows records that are already written.
//
// Reading functions may be called from any thread. Everything else belongs to the one that appends.
// The lock is never held during I/O.
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
  std::shared_ptr<File> file;          // shared with reads that are under way
  uint64_t end = kSegmentHeaderBytes;  // where its records end
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
  // What the segments that are added hold.
  void Opened(const LogFront& front, Position last, uint64_t bytes);
  void CheckFollows(const RecordBatch& batch) const;  // stops the program where it does not
  void Written(const RecordBatch& batch);             // at the end of the last segment
  void RemoveBack();  // the last segment, whose records go with CutTo
  void RemoveFront(size_t count, const LogFront& front);
  // `last` must lie in the last segment or right before it; `bytes` are those up to it.
  void CutTo(Position last, uint64_t bytes);

 private:
  // A stretch of one segment that holds a wanted record, to be read without the lock.
  struct Stretch {
    std::string path;
    std::shared_ptr<File> file;
    Lsn lsn;  // of the record at `begin`
    uint64_t begin = 0;
    uint64_t end = 0;  // the wanted record ends at or before this
    uint64_t segment_end = 0;
    uint64_t bytes_before = 0;
  };

  std::optional<Stretch> Locate(Lsn lsn) const;  // nothing: `lsn` lies before the first record
  absl::Status NotInLog(Lsn lsn) const;
  absl::StatusOr<Lsn> ReadInto(Lsn from, uint64_t bytes_max, std::string* out) const;

  const std::string folder_;
  mutable std::mutex mutex_;  // guards the rest; the thread that appends may read without it
  std::vector<std::unique_ptr<Segment>> segments_;
  LogFront front_;
  Position last_;
  uint64_t bytes_ = 0;
  // The last LSN of each batch appended lately, and the bytes up to it: BytesAt reads nothing
  // there.
  std::deque<std::pair<Lsn, uint64_t>> recent_;
};

}  // namespace replsim
