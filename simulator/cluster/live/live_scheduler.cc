#include "simulator/cluster/live/live_scheduler.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "asio/post.hpp"
#include "common/base/check.h"

namespace replsim {
namespace {

thread_local const LiveScheduler* inside = nullptr;

int MakeTimerFd() {
  const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  REPL_CHECK(fd >= 0, "timerfd_create: errno ", errno);
  return fd;
}

}  // namespace

LiveScheduler::LiveScheduler(asio::io_context* io)
    : io_(io),
      combiner_([this](std::vector<Callback>& posted) { Run(posted); }),
      timer_fd_(MakeTimerFd()),
      timer_(*io, timer_fd_) {
  WaitForTimer();
}

LiveScheduler::~LiveScheduler() = default;

bool LiveScheduler::IsInside() const { return inside == this; }

void LiveScheduler::OnIoThread(Callback callback) { asio::post(*io_, std::move(callback)); }

void LiveScheduler::At(Instant when, Callback callback) {
  if (!IsInside()) {
    return OnIoThread(
        [this, when, alive = std::weak_ptr(alive_), callback = std::move(callback)]() mutable {
          if (alive.expired()) return;
          Post([this, when, callback = std::move(callback)]() mutable {
            At(when, std::move(callback));
          });
        });
  }
  timers_.push_back({when, next_sequence_++, std::move(callback)});
  std::push_heap(timers_.begin(), timers_.end(), Later);
}

bool LiveScheduler::Later(const Timer& a, const Timer& b) {
  return a.when != b.when ? a.when > b.when : a.sequence > b.sequence;
}

void LiveScheduler::Run(std::vector<Callback>& posted) {
  // A callback of another scheduler may post to this one.
  const LiveScheduler* const outer = std::exchange(inside, this);
  for (Callback& callback : posted) {
    if (callback) callback();
  }
  RunDue();
  Arm();
  inside = outer;
}

// Runs the timers that were scheduled before this call. Timers that these callbacks schedule wait
// for the next run, so that posted callbacks are not starved.
void LiveScheduler::RunDue() {
  const Instant now = MonotonicNow();
  const uint64_t end = next_sequence_;
  while (!timers_.empty() && timers_.front().when <= now && timers_.front().sequence < end) {
    std::pop_heap(timers_.begin(), timers_.end(), Later);
    Callback callback = std::move(timers_.back().callback);
    timers_.pop_back();
    callback();
  }
}

void LiveScheduler::Arm() {
  if (timers_.empty()) return;
  const Instant next = timers_.front().when;
  if (next <= MonotonicNow()) {
    // An empty callback: it only causes another run.
    return combiner_.Post(nullptr);
  }
  if (next == armed_for_) return;
  armed_for_ = next;
  const int64_t ns = ToNanos(next);
  itimerspec spec{};
  spec.it_value.tv_sec = ns / 1'000'000'000;
  spec.it_value.tv_nsec = ns % 1'000'000'000;
  const int result = timerfd_settime(timer_fd_, TFD_TIMER_ABSTIME, &spec, nullptr);
  REPL_CHECK(result == 0, "timerfd_settime: errno ", errno);
}

void LiveScheduler::WaitForTimer() {
  timer_.async_wait(asio::posix::stream_descriptor::wait_read,
                    [this, alive = std::weak_ptr(alive_)](const asio::error_code& error) {
                      if (error || alive.expired()) return;
                      // EAGAIN if the timer was set again after it expired.
                      uint64_t expirations = 0;
                      if (read(timer_fd_, &expirations, sizeof(expirations)) < 0) {
                        REPL_CHECK(errno == EAGAIN, "timerfd read: errno ", errno);
                      }
                      WaitForTimer();
                      Post(nullptr);
                    });
}

}  // namespace replsim
