// The Scheduler of the live runtime: CLOCK_MONOTONIC, timers, and events that other threads post.
//
// All code that drives a run executes "inside" the scheduler, one callback at a time, on the thread
// that brought the event (common/server/loop/combiner.h). A gRPC thread with an answer runs the
// client that waited for it, and the due timers, without waking the io thread.
//
// Threads: Post may be called from any thread. At is meant for callers inside; from outside it
// costs a wake-up of the io thread. Asio objects (relays, children) belong to the io thread: use
// OnIoThread to reach them from inside. Destroy the scheduler before the io_context, after it has
// stopped and when no thread can post any more.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "asio/io_context.hpp"
#include "asio/posix/stream_descriptor.hpp"
#include "common/base/time.h"
#include "common/server/loop/combiner.h"
#include "simulator/cluster/seam/scheduler.h"

namespace replsim {

class LiveScheduler : public Scheduler {
 public:
  explicit LiveScheduler(asio::io_context* io);
  ~LiveScheduler() override;
  LiveScheduler(const LiveScheduler&) = delete;
  LiveScheduler& operator=(const LiveScheduler&) = delete;

  Instant Now() const override { return MonotonicNow(); }
  void At(Instant when, Callback callback) override;

  // Runs `callback` inside: before this call returns if no thread is inside, otherwise soon, on the
  // thread that is inside. A callback posted from inside runs after the current one.
  void Post(Callback callback) { combiner_.Post(std::move(callback)); }
  // Runs `callback` on the io thread, never inside this call.
  void OnIoThread(Callback callback);
  // Returns whether this thread is in a callback of this scheduler.
  bool IsInside() const;

 private:
  struct Timer {
    Instant when;
    uint64_t sequence;
    Callback callback;
  };
  // Heap order: the front is the earliest timer, and the first scheduled one of equals.
  static bool Later(const Timer& a, const Timer& b);

  void Run(std::vector<Callback>& posted);
  void RunDue();
  void Arm();
  void WaitForTimer();

  asio::io_context* io_;
  Combiner<Callback> combiner_;
  // Used inside only.
  std::vector<Timer> timers_;
  uint64_t next_sequence_ = 0;
  Instant armed_for_ = kNever;
  // A timerfd: the thread inside sets it, and the io thread waits for it.
  int timer_fd_;
  asio::posix::stream_descriptor timer_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
