// A node's log: segments of records (record.h) in one folder, dense in LSN, epochs never falling.
// docs/formats.md has the layout. The log owns its files. One thread appends and cuts; beside it
// another one may flush, and any may read (reading only touches records already written).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/file/file.h"
#include "common/storage/log/epoch_history.h"
#include "common/storage/log/log_front.h"
#include "common/storage/log/record.h"

namespace replsim {

// What a flush that failed is followed by. kRetry is wrong, and there to show it: the kernel may
// have dropped what it could not write, and a later flush says OK all the same ("fsyncgate", 2018).
enum class OnFsyncError { kStop, kRetry };

struct LogOptions {
  uint64_t segment_bytes = 16 << 20;
  // Space is written with zeros this far ahead of the records: a flush into space that was already
  // written commits no file size and costs about half. 0: the file grows with every write.
  uint64_t prewrite_bytes = 256 << 10;
  OnFsyncError on_fsync_error = OnFsyncError::kStop;
  // Damage is cut off with all that follows it, for somebody who will be sent it again (a replica).
  bool cut_damage = false;
  // Where TruncateFront moves the segments that it drops (same file system). Empty: it removes
  // them.
  std::string archive_folder{};
};

// What opening found.
struct Recovery {
  EpochHistory epochs;  // as the records themselves tell it
  LogFront front;       // what the log begins behind
  Position last;        // of an empty log: front.before
  uint64_t bytes = 0;   // encoded size of all records up to `last`, dropped ones included
  std::string cut;      // what was cut and why, for people; empty: nothing
};

// A disk takes whole blocks. What a flush has to write is counted as the blocks that the bytes
// written since the last one lie in, zeros written ahead among them; what the file system writes
// for itself comes on top and is not known here.
inline constexpr uint64_t kDeviceBlockBytes = 4096;

class Log {
 public:
  virtual ~Log() = default;

  // Opens or creates. A torn tail is cut (and cleared, so that it cannot come back) and told in
  // recovery->cut. A hole, or a bad record with a good one after it, is DataLossError with file,
  // offset and LSN: such a log is not touched, unless the options say that it is to be cut there.
  static absl::StatusOr<std::unique_ptr<Log>> Open(FileSystem& fs, std::string folder,
                                                   LogOptions options, Recovery* recovery);

  // Hands the records to the kernel. batch.first must be last() + 1, and no flush may be under way
  // where the batch begins a segment. ResourceExhaustedError: the disk is full; nothing of the
  // batch is left behind, and the same can be tried again.
  virtual absl::Status Append(const RecordBatch& batch) = 0;
  // Such a batch, or a part of it, begins a segment: the one before it is flushed first, and of two
  // flushes of one file at a time only one would hear that the disk has failed.
  virtual bool BeginsSegment(const RecordBatch& batch) const = 0;
  // A flush in two halves, for whoever does not wait for it in here. It begins: what is appended
  // from here on is not part of it. A null file: there is nothing to flush, nor to end.
  struct Flushing {
    std::shared_ptr<File> file;  // to be flushed up to `mark`, by Flush or whoever calls EndFlush
    SyncMark mark;
    uint64_t device_bytes = 0;  // what that has to write: see kDeviceBlockBytes
  };
  virtual absl::StatusOr<Flushing> BeginFlush() = 0;
  // `synced` is what File::SyncTo or EndSync said of that file; returns what Flush would.
  virtual absl::Status EndFlush(absl::Status synced) = 0;
  // Returns when everything appended before the call is on the disk (or, after BeginFlush, what was
  // appended before that). After a failed flush every later Append and Flush fails with the same
  // error: the kernel may have dropped the pages.
  virtual absl::Status Flush() = 0;
  // At least one record from `from`, then as many as fit in bytes_max. OutOfRangeError: `from` lies
  // before first() or after last().
  virtual absl::StatusOr<BatchPtr> Read(Lsn from, uint64_t bytes_max) = 0;
  // Cuts everything after `last`, durably, having first appended it to `rollback_path` (records in
  // their encoded form). Returns how many records were cut.
  // OutOfRangeError, and nothing is changed, if `last` lies before first() - 1.
  virtual absl::StatusOr<uint64_t> TruncateTo(Lsn last, const std::string& rollback_path) = 0;
  // Drops the whole segments of which every record lies before `first`; the last segment stays.
  // Durable when it returns. After a crash or an error the log opens with the old first position or
  // the new one. Belongs to the thread that appends; a flush may be under way. Returns first().
  virtual absl::StatusOr<Lsn> TruncateFront(Lsn first) = 0;

  virtual Lsn first() const = 0;  // 1, until TruncateFront has dropped a segment
  virtual Lsn last() const = 0;   // first() - 1 if the log is empty
  // Encoded size of all records up to last(), or up to `lsn`, dropped ones included, so that equal
  // positions have equal sizes on every node. Absent before first() - 1.
  virtual uint64_t bytes() const = 0;
  virtual std::optional<uint64_t> BytesAt(Lsn lsn) const = 0;
};

// Reads a log without opening it for writing, record by record from the first to the last intact
// one; the same errors as Log::Open, and nothing is changed. For analysis and tools.
// With an `archive` (LogOptions::archive_folder) the segments there are read too, and come first.
absl::Status ReadLog(FileSystem& fs, const std::string& folder, Recovery* recovery,
                     const std::function<void(const RecordView&)>& visit,
                     const std::string& archive = "");

}  // namespace replsim
