// The Scheduler of the live runtime: CLOCK_MONOTONIC, timers, and events that other threads bring.
//
// Everything that drives a run happens "inside" it, in one callback at a time, on whichever thread
// brought the event (common/server/loop/combiner.h): a gRPC thread with an answer runs the client
// that waited for it, and the timers that are due, without waking the io thread.
//
// Threads: Post may be called from any. At is meant for inside; from outside it goes by way of the
// io thread, at the price of waking it. Asio objects (relays, children) belong to the io thread:
// from inside reach them by OnIoThread. Destroy it before the io_context, when it no longer runs
// and nobody will post.
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

  // Runs `callback` inside: before this returns if nobody is inside, else soon, by whoever is. From
  // inside: after the callback that posts.
  void Post(Callback callback) { combiner_.Post(std::move(callback)); }
  // Never inside this call.
  void OnIoThread(Callback callback);
  // Whether this thread is in a callback of this scheduler.
  bool IsInside() const;

 private:
  struct Timer {
    Instant when;
    uint64_t sequence;
    Callback callback;
  };
  // For a heap whose front is the earliest, then the first scheduled.
  static bool Later(const Timer& a, const Timer& b);

  void Run(std::vector<Callback>& posted);
  void RunDue();
  void Arm();
  void WaitForTimer();

  asio::io_context* io_;
  Combiner<Callback> combiner_;
  // Touched inside only.
  std::vector<Timer> timers_;
  uint64_t next_sequence_ = 0;
  Instant armed_for_ = kNever;
  // A timerfd: whoever is inside sets it, from any thread, and the io thread waits for it.
  int timer_fd_;
  asio::posix::stream_descriptor timer_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
