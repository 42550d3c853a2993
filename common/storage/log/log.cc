#include "common/storage/log/log.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/mutant.h"
#include "common/base/status.h"
#include "common/storage/log/scan.h"
#include "common/storage/log/segment_list.h"

namespace replsim {
namespace {

std::string DamagedName(const std::string& path) { return path + ".damaged"; }

// The bytes that no flush has covered yet: one range of the last segment, because a log only grows,
// and a count for the segments before it.
class DirtyBytes {
 public:
  void Add(uint64_t begin, uint64_t end) {
    if (end_ == 0) begin_ = begin;
    end_ = std::max(end_, end);
  }
  // The segment is complete or was truncated: later writes begin a new range.
  void NextRange() { before_ = DeviceBytes(), end_ = 0; }
  uint64_t Take() {
    const uint64_t bytes = DeviceBytes();
    *this = DirtyBytes();
    return bytes;
  }

 private:
  uint64_t DeviceBytes() const {
    if (end_ == 0) return before_;
    const uint64_t blocks =
        (end_ + kDeviceBlockBytes - 1) / kDeviceBlockBytes - begin_ / kDeviceBlockBytes;
    return before_ + blocks * kDeviceBlockBytes;
  }

  uint64_t begin_ = 0;
  uint64_t end_ = 0;  // 0: the range is empty
  uint64_t before_ = 0;
};

class SegmentedLog : public Log {
 public:
  SegmentedLog(FileSystem& fs, std::string folder, LogOptions options)
      : fs_(fs), folder_(std::move(folder)), options_(options), segments_(folder_) {}

  absl::Status Start(LogScan& scan);

  absl::Status Append(const RecordBatch& batch) override;
  bool BeginsSegment(const RecordBatch& batch) const override;
  absl::StatusOr<Flushing> BeginFlush() override;
  absl::Status EndFlush(absl::Status synced) override;
  absl::Status Flush() override;
  absl::StatusOr<uint64_t> TruncateTo(Lsn last, const std::string& rollback_path) override;

  absl::StatusOr<BatchPtr> Read(Lsn from, uint64_t bytes_max) override {
    return segments_.Read(from, bytes_max);
  }
  absl::StatusOr<Lsn> TruncateFront(Lsn first) override;
  Lsn first() const override { return segments_.first(); }
  Lsn last() const override { return segments_.last().lsn; }
  uint64_t bytes() const override { return segments_.bytes(); }
  std::optional<uint64_t> BytesAt(Lsn lsn) const override { return segments_.BytesAt(lsn); }

 private:
  absl::Status Resume(LogScan& scan);
  static absl::Status Rewrite(File& file, uint64_t end);
  absl::Status SaveDamage(const ScannedSegment& segment);
  absl::Status BeginSegment(Lsn first);
  absl::Status Roll();
  absl::Status Write(const RecordBatch& batch);
  absl::Status GiveUp(const Segment& segment, const absl::Status& why);
  absl::Status Sync(File& file, const SyncMark& mark);
  absl::Status WriteAhead(File& file, uint64_t end);
  absl::Status Fail(const absl::Status& why);
  absl::Status Failed() const;
  absl::Status SaveTail(Lsn from, const std::string& rollback_path);
  absl::Status CutTo(Lsn last);
  absl::Status DropSegments(const std::vector<std::string>& paths);

  FileSystem& fs_;
  const std::string folder_;
  const LogOptions options_;
  SegmentList segments_;                // never empty once started
  std::atomic<bool> unflushed_{false};  // something was written since the last flush began
  Flushing begun_;                      // set by BeginFlush; no file: no flush is in progress
  mutable std::mutex mutex_;            // guards failed_ and dirty_
  DirtyBytes dirty_;
  absl::Status failed_;   // the first write or flush that failed; nothing is written after it
  uint64_t written_ = 0;  // size of the last segment's file, zeros written ahead included
};

absl::Status SegmentedLog::Start(LogScan& scan) {
  for (const std::string& path : scan.after_corruption) {
    REPL_RETURN_IF_ERROR(fs_.Rename(path, DamagedName(path)));
  }
  REPL_RETURN_IF_ERROR(DropSegments(scan.dropped));
  segments_.Opened(scan.recovery.front, scan.recovery.last, scan.recovery.bytes);
  if (scan.segments.empty()) return BeginSegment(first());
  return Resume(scan);
}

absl::Status SegmentedLog::Resume(LogScan& scan) {
  for (ScannedSegment& found : scan.segments) {
    REPL_ASSIGN_OR_RETURN(std::shared_ptr<File> file, fs_.Open(found.path, /*create=*/false));
    segments_.Add({found.path, found.first, std::move(file),
                   std::max(found.end, kSegmentHeaderBytes), found.bytes_before,
                   std::move(found.index)});
  }
  const ScannedSegment& tail = scan.segments.back();
  File& file = *segments_.back().file;
  written_ = tail.size;
  if (scan.damaged) REPL_RETURN_IF_ERROR(SaveDamage(tail));
  if (scan.torn) {
    REPL_RETURN_IF_ERROR(file.Truncate(tail.end));
    written_ = tail.end;
  }
  if (tail.end == 0) {
    REPL_RETURN_IF_ERROR(file.WriteAt(0, EncodeSegmentHeader(tail.first)));
    written_ = kSegmentHeaderBytes;
  }
  // The records found are about to be reported as flushed, but a killed process may only have
  // handed them to the kernel. They are written again before the flush, because the kernel counts
  // pages that an earlier flush failed to write as clean.
  REPL_RETURN_IF_ERROR(Rewrite(file, std::max(tail.end, kSegmentHeaderBytes)));
  if (!Mutated(Mutant::kRecoverWithoutFlush)) REPL_RETURN_IF_ERROR(file.Sync());
  REPL_RETURN_IF_ERROR(fs_.SyncFolder(folder_));
  return absl::OkStatus();
}

// Saves the bytes that are truncated beside the log, so that the corruption can be examined.
absl::Status SegmentedLog::SaveDamage(const ScannedSegment& segment) {
  REPL_ASSIGN_OR_RETURN(const std::string bytes, ReadWholeFile(fs_, segment.path));
  REPL_ASSIGN_OR_RETURN(const std::unique_ptr<File> file,
                        fs_.Open(DamagedName(segment.path), /*create=*/true));
  REPL_RETURN_IF_ERROR(file->Truncate(0));
  REPL_RETURN_IF_ERROR(file->WriteAt(0, absl::string_view(bytes).substr(segment.end)));
  return file->Sync();
}

absl::Status SegmentedLog::Rewrite(File& file, uint64_t end) {
  constexpr uint64_t kChunkBytes = 1 << 20;
  for (uint64_t offset = 0; offset < end; offset += kChunkBytes) {
    REPL_ASSIGN_OR_RETURN(const std::string bytes,
                          file.ReadAt(offset, std::min(kChunkBytes, end - offset)));
    REPL_RETURN_IF_ERROR(file.WriteAt(offset, bytes));
  }
  return absl::OkStatus();
}

// The new segment and its name are durable before the first record is written to it.
absl::Status SegmentedLog::BeginSegment(Lsn first) {
  Segment segment;
  segment.path = absl::StrCat(folder_, "/", SegmentName(first));
  segment.first = first;
  segment.bytes_before = segments_.bytes();
  REPL_ASSIGN_OR_RETURN(segment.file, fs_.Open(segment.path, /*create=*/true));
  REPL_RETURN_IF_ERROR(segment.file->WriteAt(0, EncodeSegmentHeader(first)));
  REPL_RETURN_IF_ERROR(WriteAhead(*segment.file, kSegmentHeaderBytes));
  REPL_RETURN_IF_ERROR(segment.file->Sync());
  if (!Mutated(Mutant::kRollWithoutFolder)) REPL_RETURN_IF_ERROR(fs_.SyncFolder(folder_));
  segments_.Add(std::move(segment));
  return absl::OkStatus();
}

// Truncates the last segment to its records and flushes it before the next one begins. A record in
// a later segment therefore proves that all records before that segment were on the disk.
absl::Status SegmentedLog::Roll() {
  const Segment& full = segments_.back();
  if (written_ > full.end) REPL_RETURN_IF_ERROR(full.file->Truncate(full.end));
  REPL_CHECK(begun_.file == nullptr, "a segment ends while it is flushed");
  if (!Mutated(Mutant::kRollWithoutFlush)) {
    REPL_RETURN_IF_ERROR(Sync(*full.file, full.file->BeginSync()));
  }
  unflushed_ = false;
  REPL_RETURN_IF_ERROR(BeginSegment(last() + 1));
  const std::lock_guard<std::mutex> lock(mutex_);
  dirty_.NextRange();
  return absl::OkStatus();
}

// Writes prewrite_bytes of zeros from `end` on, but not past segment_bytes.
absl::Status SegmentedLog::WriteAhead(File& file, uint64_t end) {
  const uint64_t room = options_.segment_bytes > end ? options_.segment_bytes - end : 0;
  const uint64_t zeros = std::min(options_.prewrite_bytes, room);
  written_ = end;
  if (zeros == 0) return absl::OkStatus();
  const absl::Status ahead = file.WriteAt(end, std::string(zeros, '\0'));
  // On a full disk, nothing is written ahead: the space left may suffice for the next records.
  if (absl::IsResourceExhausted(ahead)) return file.Truncate(end);
  REPL_RETURN_IF_ERROR(ahead);
  written_ = end + zeros;
  return absl::OkStatus();
}

absl::Status SegmentedLog::Fail(const absl::Status& why) {
  const std::lock_guard<std::mutex> lock(mutex_);
  failed_ =
      absl::Status(why.code(), absl::StrCat(why.message(),
                                            "; the log accepts no more writes, because the content "
                                            "of the disk is unknown until the node restarts"));
  return failed_;
}

absl::Status SegmentedLog::Failed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return failed_;
}

absl::Status SegmentedLog::Append(const RecordBatch& batch) {
  REPL_RETURN_IF_ERROR(Failed());
  segments_.CheckFollows(batch);
  const absl::Status written = Write(batch);
  if (absl::IsResourceExhausted(written)) return written;
  if (!written.ok()) return Fail(written);
  segments_.Written(batch);
  return absl::OkStatus();
}

// A batch lies in one segment. A batch larger than a segment has a segment of its own.
bool SegmentedLog::BeginsSegment(const RecordBatch& batch) const {
  const uint64_t used = segments_.back().end;
  return used > kSegmentHeaderBytes && used + batch.bytes.size() > options_.segment_bytes;
}

absl::Status SegmentedLog::Write(const RecordBatch& batch) {
  const uint64_t size = batch.bytes.size();
  if (BeginsSegment(batch)) REPL_RETURN_IF_ERROR(Roll());
  const Segment& segment = segments_.back();
  const uint64_t end = segment.end + size;
  const absl::Status written = segment.file->WriteAt(segment.end, batch.bytes);
  if (!written.ok()) return GiveUp(segment, written);
  const bool ahead = end > written_;
  if (ahead) REPL_RETURN_IF_ERROR(WriteAhead(*segment.file, end));
  unflushed_ = true;  // after the write: a flush that began before it may have missed it
  const std::lock_guard<std::mutex> lock(mutex_);
  dirty_.Add(end - size, std::max(end, ahead ? written_ : 0));
  return absl::OkStatus();
}

// Truncates the part of the batch that a failed write may have left.
absl::Status SegmentedLog::GiveUp(const Segment& segment, const absl::Status& why) {
  if (!absl::IsResourceExhausted(why)) return why;
  REPL_RETURN_IF_ERROR(segment.file->Truncate(segment.end));
  written_ = segment.end;
  return why;
}

absl::Status SegmentedLog::Sync(File& file, const SyncMark& mark) {
  absl::Status status = file.SyncTo(mark);
  while (!status.ok() && options_.on_fsync_error == OnFsyncError::kRetry) {
    status = file.SyncTo(mark);
  }
  return status;
}

absl::StatusOr<Log::Flushing> SegmentedLog::BeginFlush() {
  REPL_RETURN_IF_ERROR(Failed());
  // Cleared first: a record that is appended from here on needs a flush of its own.
  if (!unflushed_.exchange(false)) return Flushing();
  const std::shared_ptr<File> file = segments_.back_file();
  const std::lock_guard<std::mutex> lock(mutex_);
  begun_ = {file, file->BeginSync(), dirty_.Take()};
  return begun_;
}

absl::Status SegmentedLog::EndFlush(absl::Status synced) {
  const Flushing ended = std::exchange(begun_, Flushing());
  REPL_RETURN_IF_ERROR(Failed());
  if (!synced.ok() && options_.on_fsync_error == OnFsyncError::kRetry) {
    synced = Sync(*ended.file, ended.mark);
  }
  if (Mutated(Mutant::kForgetAppendDuringFlush)) unflushed_ = false;
  if (Mutated(Mutant::kIgnoreFlushError)) return absl::OkStatus();
  return synced.ok() ? synced : Fail(synced);
}

absl::Status SegmentedLog::Flush() {
  if (begun_.file == nullptr) REPL_RETURN_IF_ERROR(BeginFlush().status());
  if (begun_.file == nullptr) return absl::OkStatus();
  return EndFlush(begun_.file->SyncTo(begun_.mark));
}

absl::StatusOr<uint64_t> SegmentedLog::TruncateTo(Lsn last, const std::string& rollback_path) {
  REPL_RETURN_IF_ERROR(Failed());
  const Lsn end = segments_.last().lsn;
  if (last >= end) return 0;
  if (last + 1 < first()) {
    return absl::OutOfRangeError(absl::StrCat(folder_, ": cannot be truncated to LSN ",
                                              last.value(), ": the log begins with LSN ",
                                              first().value()));
  }
  if (!Mutated(Mutant::kNoRollbackFile)) {
    REPL_RETURN_IF_ERROR(SaveTail(last + 1, rollback_path));
  }
  if (const absl::Status cut = CutTo(last); !cut.ok()) return Fail(cut);
  return end - last;
}

absl::Status SegmentedLog::SaveTail(Lsn from, const std::string& rollback_path) {
  constexpr uint64_t kChunkBytes = 4 << 20;
  const std::string folder = FolderOf(rollback_path);
  REPL_RETURN_IF_ERROR(fs_.MakeFolder(folder));
  REPL_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, fs_.Open(rollback_path, /*create=*/true));
  REPL_ASSIGN_OR_RETURN(uint64_t end, file->Size());
  while (from <= last()) {
    REPL_ASSIGN_OR_RETURN(const BatchPtr batch, Read(from, kChunkBytes));
    REPL_RETURN_IF_ERROR(file->WriteAt(end, batch->bytes));
    end += batch->bytes.size();
    from = batch->last + 1;
  }
  REPL_RETURN_IF_ERROR(file->Sync());
  return fs_.SyncFolder(folder);
}

// Truncates from the end backwards, and makes each step durable before the next. A crash in between
// leaves an intact log that is longer than wanted.
absl::Status SegmentedLog::CutTo(Lsn last) {
  REPL_CHECK(begun_.file == nullptr, "a log is truncated while it is flushed");
  const uint64_t bytes = *BytesAt(last);  // TruncateTo has checked that `last` is in the log
  REPL_ASSIGN_OR_RETURN(const Position position, segments_.PositionAt(last));
  while (segments_.size() > 1 && segments_.back().first > last) {
    REPL_RETURN_IF_ERROR(fs_.Remove(segments_.back().path));
    if (!Mutated(Mutant::kRemoveWithoutFolder)) REPL_RETURN_IF_ERROR(fs_.SyncFolder(folder_));
    segments_.RemoveBack();
  }
  const Segment& segment = segments_.back();
  const uint64_t end = kSegmentHeaderBytes + bytes - segment.bytes_before;
  REPL_RETURN_IF_ERROR(segment.file->Truncate(end));
  if (!Mutated(Mutant::kTruncateWithoutFlush)) REPL_RETURN_IF_ERROR(segment.file->Sync());
  written_ = end;
  unflushed_ = false;
  segments_.CutTo(position, bytes);
  const std::lock_guard<std::mutex> lock(mutex_);
  dirty_.NextRange();
  return absl::OkStatus();
}

// The new front is durable before a segment is dropped. After a crash in between, the next start
// drops the segments that are left.
absl::StatusOr<Lsn> SegmentedLog::TruncateFront(Lsn first) {
  REPL_RETURN_IF_ERROR(Failed());
  size_t count = 0;
  std::vector<std::string> paths;
  while (count + 1 < segments_.size() && segments_.at(count + 1).first <= first) {
    paths.push_back(segments_.at(count++).path);
  }
  if (count == 0) return this->first();
  const Segment& kept = segments_.at(count);
  REPL_ASSIGN_OR_RETURN(const Position before, segments_.PositionAt(kept.first - 1));
  const LogFront front{before, kept.bytes_before};
  REPL_RETURN_IF_ERROR(SaveLogFront(fs_, folder_, front));
  segments_.RemoveFront(count, front);
  REPL_RETURN_IF_ERROR(DropSegments(paths));
  return front.first();
}

absl::Status SegmentedLog::DropSegments(const std::vector<std::string>& paths) {
  if (paths.empty()) return absl::OkStatus();
  const std::string& archive = options_.archive_folder;
  if (!archive.empty()) REPL_RETURN_IF_ERROR(fs_.MakeFolder(archive));
  for (const std::string& path : paths) {
    if (archive.empty()) {
      REPL_RETURN_IF_ERROR(fs_.Remove(path));
    } else {
      const std::string name = path.substr(path.find_last_of('/'));
      REPL_RETURN_IF_ERROR(fs_.Rename(path, archive + name));
    }
  }
  if (!archive.empty()) REPL_RETURN_IF_ERROR(fs_.SyncFolder(archive));
  return fs_.SyncFolder(folder_);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Log>> Log::Open(FileSystem& fs, std::string folder,
                                               LogOptions options, Recovery* recovery) {
  REPL_RETURN_IF_ERROR(fs.MakeFolder(folder));
  REPL_ASSIGN_OR_RETURN(LogScan scan, ScanLog(fs, folder, nullptr, options.truncate_corruption));
  auto log = std::make_unique<SegmentedLog>(fs, std::move(folder), options);
  REPL_RETURN_IF_ERROR(log->Start(scan));
  *recovery = std::move(scan.recovery);
  return log;
}

}  // namespace replsim
