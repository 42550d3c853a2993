#include "common/server/loop/uring_log.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"

namespace replsim {
namespace {

constexpr unsigned kEntries = 8;
constexpr int kStop = 1;  // not a possible result of fdatasync

absl::Status Forbidden(int error) {
  return absl::UnavailableError(absl::StrCat(
      "durability.io: io_uring is not available to the node on this kernel (", std::strerror(error),
      "). Set io: thread or io: blocking, or enable it: `sysctl kernel.io_uring_disabled=0`, and "
      "in a container a seccomp profile that allows io_uring_setup and io_uring_enter (docker run "
      "--security-opt seccomp=unconfined)"));
}

bool HasFsync(io_uring* ring) {
  io_uring_probe* probe = io_uring_get_probe_ring(ring);
  const bool has = probe != nullptr && io_uring_opcode_supported(probe, IORING_OP_FSYNC) != 0;
  if (probe != nullptr) io_uring_free_probe(probe);
  return has;
}

}  // namespace

absl::StatusOr<std::unique_ptr<UringLog>> UringLog::Open(Log& log, LogHooks hooks) {
  auto device = std::unique_ptr<UringLog>(new UringLog(log, std::move(hooks)));
  if (const int error = -io_uring_queue_init(kEntries, &device->ring_, 0); error != 0) {
    return Forbidden(error);
  }
  if (!HasFsync(&device->ring_)) {
    io_uring_queue_exit(&device->ring_);
    return Forbidden(EOPNOTSUPP);
  }
  device->thread_ = std::thread([self = device.get()] { self->Run(); });
  return device;
}

UringLog::UringLog(Log& log, LogHooks hooks) : work_(log, std::move(hooks)) {}

UringLog::~UringLog() {
  if (!thread_.joinable()) return;  // Open failed
  Drain();
  Submit(IORING_OP_NOP, -1);
  thread_.join();
  io_uring_queue_exit(&ring_);
}

void UringLog::Enqueue(BatchPtr batch) {
  {
    absl::MutexLock lock(&mutex_);
    // A queued flush that has not begun covers this request, too.
    if (batch != nullptr || queue_.empty() || queue_.back() != nullptr) {
      queue_.push_back(std::move(batch));
    }
    if (std::exchange(busy_, true)) return;
  }
  Next();
}

void UringLog::Drain() {
  if (std::this_thread::get_id() == thread_.get_id()) {
    while (BeginNext()) Complete(WaitForCompletion());
    return;
  }
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](UringLog* self)
           ABSL_NO_THREAD_SAFETY_ANALYSIS { return self->queue_.empty() && !self->busy_; },
      this));
}

bool UringLog::BeginNext() {
  for (;;) {
    BatchPtr batch;
    {
      absl::MutexLock lock(&mutex_);
      if (queue_.empty()) return false;
      batch = std::move(queue_.front());
      queue_.pop_front();
    }
    if (batch != nullptr && !work_.Write(std::move(batch))) continue;
    flushing_ = work_.BeginFlush();
    if (flushing_.file == nullptr) continue;
    Submit(IORING_OP_FSYNC, flushing_.file->descriptor());
    return true;
  }
}

void UringLog::Submit(int op, int fd) {
  absl::MutexLock lock(&submit_);
  io_uring_sqe* sqe = io_uring_get_sqe(&ring_);
  REPL_CHECK(sqe != nullptr, "more than one flush in progress");
  if (op == IORING_OP_FSYNC) {
    io_uring_prep_fsync(sqe, fd, IORING_FSYNC_DATASYNC);
  } else {
    io_uring_prep_nop(sqe);
  }
  sqe->user_data = static_cast<uint64_t>(op);
  int submitted = io_uring_submit(&ring_);
  while (submitted == -EINTR || submitted == -EAGAIN || submitted == -EBUSY) {
    submitted = io_uring_submit(&ring_);
  }
  REPL_CHECK(submitted == 1, "io_uring accepted no request: ", std::strerror(-submitted));
}

int UringLog::WaitForCompletion() {
  io_uring_cqe* cqe = nullptr;
  int error = io_uring_wait_cqe(&ring_, &cqe);
  while (error == -EINTR || error == -EAGAIN) error = io_uring_wait_cqe(&ring_, &cqe);
  REPL_CHECK(error == 0, "waiting for io_uring: ", std::strerror(-error));
  const int result = cqe->user_data == IORING_OP_NOP ? kStop : cqe->res;
  io_uring_cqe_seen(&ring_, cqe);
  return result;
}

void UringLog::Complete(int result) {
  const Log::Flushing ended = std::exchange(flushing_, Log::Flushing());
  work_.EndFlush(ended.file->EndSync(ended.mark, -result));
}

void UringLog::Next() {
  for (;;) {
    if (BeginNext()) return;
    absl::MutexLock lock(&mutex_);
    if (!queue_.empty()) continue;
    busy_ = false;
    return;
  }
}

void UringLog::Run() {
  for (;;) {
    const int result = WaitForCompletion();
    if (result == kStop) return;
    Complete(result);
    Next();
  }
}

}  // namespace replsim
