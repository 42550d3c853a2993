#include "common/server/loop/stage_recorder.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

constexpr uint64_t kWindowRecords = 32'768;  // 1 MiB
constexpr uint64_t kWindowBytes = kWindowRecords * sizeof(TraceRecord);

// Counts the records of earlier processes by binary search: the file is zeros after them.
uint64_t CountRecords(int fd) {
  struct stat info {};
  if (fstat(fd, &info) != 0) return 0;
  uint64_t low = 0;
  uint64_t high = static_cast<uint64_t>(info.st_size) / sizeof(TraceRecord);
  while (low < high) {
    const uint64_t middle = (low + high) / 2;
    TraceRecord record;
    const auto offset = static_cast<off_t>(middle * sizeof(record));
    const bool used =
        pread(fd, &record, sizeof(record), offset) == sizeof(record) && record.time_ns != 0;
    (used ? low : high) = used ? middle + 1 : middle;
  }
  return low;
}

}  // namespace

absl::StatusOr<std::unique_ptr<StageRecorder>> StageRecorder::Open(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return absl::UnavailableError(absl::StrCat(path, ": ", std::strerror(errno)));
  auto recorder = std::unique_ptr<StageRecorder>(new StageRecorder(fd, CountRecords(fd)));
  absl::MutexLock lock(&recorder->mutex_);
  recorder->MapNext();
  if (recorder->window_ == nullptr) {
    return absl::UnavailableError(absl::StrCat(path, ": cannot map: ", std::strerror(errno)));
  }
  return recorder;
}

StageRecorder::StageRecorder(int fd, uint64_t used)
    : fd_(fd),
      window_start_(used / kWindowRecords * kWindowRecords),
      next_(used % kWindowRecords) {}

StageRecorder::~StageRecorder() {
  absl::MutexLock lock(&mutex_);
  if (window_ != nullptr) munmap(window_, kWindowBytes);
  close(fd_);
}

void StageRecorder::MapNext() {
  const auto offset = static_cast<off_t>(window_start_ * sizeof(TraceRecord));
  // posix_fallocate, not ftruncate: a full disk is an error here, not SIGBUS at a store.
  const int error = posix_fallocate(fd_, offset, static_cast<off_t>(kWindowBytes));
  void* map = error != 0
                  ? MAP_FAILED
                  : mmap(nullptr, kWindowBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, offset);
  if (map == MAP_FAILED) {
    std::fprintf(stderr, "stage trace: %s; recording stops here\n",
                 std::strerror(error != 0 ? error : errno));
    window_ = nullptr;
    return;
  }
  window_ = static_cast<TraceRecord*>(map);
}

void StageRecorder::Add(const TraceRecord& record) {
  absl::MutexLock lock(&mutex_);
  if (window_ == nullptr) return;
  TraceRecord* slot = window_ + next_;
  TraceRecord unfinished = record;
  unfinished.time_ns = 0;
  *slot = unfinished;
  // The time is stored last, so that a record is either complete or absent.
  std::atomic_ref<int64_t>(slot->time_ns).store(record.time_ns, std::memory_order_release);
  if (++next_ < kWindowRecords) return;
  munmap(window_, kWindowBytes);
  window_start_ += kWindowRecords;
  next_ = 0;
  MapNext();
}

}  // namespace replsim
