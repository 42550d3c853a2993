#include "common/runtime/log_work.h"

#include <string>
#include <utility>

namespace replsim {

void LogWork::WriteAndFlush(BatchPtr batch) {
  if (batch != nullptr && !Write(std::move(batch))) return;
  if (const std::shared_ptr<File> file = BeginFlush(); file != nullptr) EndFlush(file->Sync());
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

std::shared_ptr<File> LogWork::BeginFlush() {
  const Lsn last = log_.last();
  if (failed_ || last <= flushed_) return nullptr;
  absl::StatusOr<Log::Flushing> flushing = log_.BeginFlush();
  if (!flushing.ok()) {
    Fail(flushing.status());
    return nullptr;
  }
  flushing_to_ = last;
  device_bytes_ = flushing->device_bytes;
  hooks_.before_flush(flushed_ + 1, last, device_bytes_);
  if (flushing->file == nullptr) Flushed();
  return std::move(flushing->file);
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
