#include "common/server/loop/log_work.h"

#include <string>
#include <utility>

namespace replsim {

void LogWork::WriteAndFlush(BatchPtr batch) {
  if (batch != nullptr && !Write(std::move(batch))) return;
  const Log::Flushing flushing = BeginFlush();
  if (flushing.file != nullptr) EndFlush(flushing.file->SyncTo(flushing.mark));
}

bool LogWork::Write(BatchPtr batch) {
  if (failed_) return false;
  const bool follows = batch->first == log_.last() + 1;
  const absl::Status written = follows ? hooks_.write(batch) : absl::OkStatus();
  if (!follows || absl::IsResourceExhausted(written)) {
    hooks_.notify(LogFull{std::move(batch)});
    return true;
  }
  if (!written.ok()) {
    Fail(written);
    return false;
  }
  hooks_.notify(LogWritten{batch->last});
  return true;
}

Log::Flushing LogWork::BeginFlush() {
  const Lsn last = log_.last();
  if (failed_ || last <= flushed_) return {};
  absl::StatusOr<Log::Flushing> flushing = log_.BeginFlush();
  if (!flushing.ok()) {
    Fail(flushing.status());
    return {};
  }
  flushing_to_ = last;
  device_bytes_ = flushing->device_bytes;
  hooks_.before_flush(flushed_ + 1, last, device_bytes_);
  if (flushing->file == nullptr) Flushed();
  return *std::move(flushing);
}

void LogWork::EndFlush(absl::Status synced) {
  const absl::Status status = log_.EndFlush(std::move(synced));
  status.ok() ? Flushed() : Fail(status);
}

void LogWork::Flushed() {
  const Lsn first = flushed_ + 1;
  flushed_ = flushing_to_;
  hooks_.after_flush(first, flushed_, device_bytes_);
  hooks_.notify(LogFlushed{flushed_});
}

void LogWork::Fail(const absl::Status& why) {
  failed_ = true;
  hooks_.notify(LogFailed{std::string(why.message())});
}

}  // namespace replsim
