// A node's log: segments of records (record.h) in one folder, dense in LSN, with epochs that never
// decrease. docs/formats.md describes the layout. The log owns its files. One thread at a time
// appends and truncates. Another thread may flush at the same time, and any thread may read,
// because reads touch only records that are already written.
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

// Reaction to a failed flush. kStop: the log accepts no more writes. kRetry: flush again until it
// succeeds. kRetry is unsafe and exists to show it: the kernel may have dropped the pages that it
// could not write, and a later flush succeeds without them ("fsyncgate", 2018).
enum class OnFsyncError { kStop, kRetry };

struct LogOptions {
  // Maximum size in bytes. A batch that would exceed it begins a new segment. A batch that is
  // larger has a segment of its own. A segment is the unit in which TruncateFront drops records.
  uint64_t segment_bytes = 16 << 20;
  // Bytes of zeros that are written ahead of the records, up to segment_bytes. A flush into space
  // that was already written commits no new file size and takes about half as long. 0: the file
  // grows with every write.
  uint64_t prewrite_bytes = 256 << 10;
  // See OnFsyncError. Scenarios set it with durability.on_fsync_error.
  OnFsyncError on_fsync_error = OnFsyncError::kStop;
  // True: Open truncates a corrupt log at the corruption and saves the rest as `*.damaged`. For a
  // replica, which gets the lost records from the primary again. False: Open fails with DataLoss.
  bool truncate_corruption = false;
  // Folder, on the same file system, to which TruncateFront moves the segments that it drops.
  // Empty: it removes them.
  std::string archive_folder{};
};

// The state of a log as it was found when it was opened.
struct Recovery {
  EpochHistory epochs;  // derived from the records
  LogFront front;
  Position last;       // of the last record; front.before for an empty log
  uint64_t bytes = 0;  // encoded size of all records up to `last`, dropped ones included
  std::string cut;     // which bytes were truncated and why, for people; empty: none
};

// A disk writes whole blocks. The device bytes of a flush are the blocks that contain the bytes
// written since the last flush, zeros written ahead included. Additional writes of the file system
// (its journal) are not counted.
inline constexpr uint64_t kDeviceBlockBytes = 4096;

class Log {
 public:
  virtual ~Log() = default;

  // Opens or creates a log. A torn tail is truncated, durably, and described in recovery->cut. A
  // hole, or a corrupt record with an intact one after it, is DataLoss with file, offset and LSN;
  // the log is left as it is, unless options.truncate_corruption is set.
  static absl::StatusOr<std::unique_ptr<Log>> Open(FileSystem& fs, std::string folder,
                                                   LogOptions options, Recovery* recovery);

  // Hands the records to the kernel. batch.first must be last() + 1. If BeginsSegment(batch), no
  // flush may be in progress. ResourceExhausted: the disk is full; nothing of the batch is in the
  // log, and the call can be retried. Any other error is final: every later Append and Flush fails.
  virtual absl::Status Append(const RecordBatch& batch) = 0;
  // Whether Append would begin a new segment with this batch. Append then flushes the segment
  // before it. That flush must not run beside another flush of the same file, because the kernel
  // reports a failure to only one of them.
  virtual bool BeginsSegment(const RecordBatch& batch) const = 0;
  // Starts a flush that covers every record appended so far; later appends are not covered. The
  // caller flushes `file` up to `mark` and calls EndFlush, or calls Flush. If `file` is null, there
  // is nothing to flush, and EndFlush is not called.
  struct Flushing {
    std::shared_ptr<File> file;
    SyncMark mark;
    uint64_t device_bytes = 0;  // see kDeviceBlockBytes
  };
  virtual absl::StatusOr<Flushing> BeginFlush() = 0;
  // Ends the flush that BeginFlush started. `synced` is the result of File::SyncTo or
  // File::EndSync. Returns what Flush would have returned.
  virtual absl::Status EndFlush(absl::Status synced) = 0;
  // Flushes every record appended before the call, or completes the flush that BeginFlush started.
  // After a failed flush every later Append and Flush fails with the same error, because the kernel
  // may have dropped the pages.
  virtual absl::Status Flush() = 0;
  // Reads at least one record from `from` on, then as many as fit in bytes_max. OutOfRange if
  // `from` lies before first() or after last(). DataLoss if a record is corrupt.
  virtual absl::StatusOr<BatchPtr> Read(Lsn from, uint64_t bytes_max) = 0;
  // Truncates the log to `last`, durably, and first appends the truncated records, encoded, to the
  // rollback file. Returns the number of truncated records. No flush may be in progress.
  // OutOfRange, with nothing changed, if `last` lies before first() - 1.
  virtual absl::StatusOr<uint64_t> TruncateTo(Lsn last, const std::string& rollback_path) = 0;
  // Drops the segments whose records all lie before `first`; the last segment stays. Durable when
  // it returns. After a crash or an error the log opens with the old or the new first position.
  // Only the thread that appends may call it; a flush may be in progress. Returns first().
  virtual absl::StatusOr<Lsn> TruncateFront(Lsn first) = 0;

  virtual Lsn first() const = 0;  // 1 until TruncateFront has dropped a segment
  virtual Lsn last() const = 0;   // first() - 1 if the log is empty
  // Encoded size of all records up to last(), or up to `lsn`. Dropped records are included, so that
  // equal positions have equal sizes on all nodes. Absent if `lsn` lies before first() - 1.
  virtual uint64_t bytes() const = 0;
  virtual std::optional<uint64_t> BytesAt(Lsn lsn) const = 0;
};

// Reads a log record by record, up to the last intact one, and changes nothing. For analysis and
// tools. Returns the errors of Log::Open. With an `archive` (LogOptions::archive_folder) the
// segments there are read first.
absl::Status ReadLog(FileSystem& fs, const std::string& folder, Recovery* recovery,
                     const std::function<void(const RecordView&)>& visit,
                     const std::string& archive = "");

}  // namespace replsim
