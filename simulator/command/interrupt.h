// Ctrl-C for code that runs without an event loop: the first SIGINT or SIGTERM is only noted, so
// that the run can end in order; the second one ends the process as usual.
#pragma once

#include <csignal>

namespace replsim {

class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();  // restores the previous handlers
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  // Whether a signal has come since the first guard was made.
  static bool Raised();

 private:
  struct sigaction interrupt_before_ {};
  struct sigaction terminate_before_ {};
};

}  // namespace replsim
