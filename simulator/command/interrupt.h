// Handles Ctrl-C for code without an event loop. The first SIGINT or SIGTERM is only recorded, so
// that the run can end in order. The second one ends the process.
#pragma once

#include <chrono>
#include <csignal>

namespace replsim {

class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();  // restores the previous handlers
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  // Returns whether a signal has arrived since the first guard was created.
  static bool Raised();

 private:
  struct sigaction interrupt_before_ {};
  struct sigaction terminate_before_ {};
};

// Returns after this time, or as soon as a signal arrives. A guard must exist.
void WaitOrInterrupt(std::chrono::milliseconds time);

// For a program whose threads do all the work. From its construction on, SIGINT and SIGTERM wait
// for Wait(), in this thread and in all that are started later.
class InterruptWait {
 public:
  InterruptWait();
  ~InterruptWait();  // restores the previous mask
  InterruptWait(const InterruptWait&) = delete;
  InterruptWait& operator=(const InterruptWait&) = delete;

  // Returns when one of the signals arrives, or has arrived.
  void Wait();

 private:
  sigset_t signals_;
  sigset_t before_;
};

}  // namespace replsim
