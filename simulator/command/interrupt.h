// Handles Ctrl-C for code without an event loop. The first SIGINT or SIGTERM is only recorded, so
// that the run can end in order. The second one ends the process.
#pragma once

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

}  // namespace replsim
