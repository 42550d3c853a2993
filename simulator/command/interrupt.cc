#include "simulator/command/interrupt.h"

#include <poll.h>

namespace replsim {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void NoteInterrupt(int) { interrupted = 1; }

}  // namespace

InterruptGuard::InterruptGuard() {
  struct sigaction note {};
  note.sa_handler = NoteInterrupt;
  note.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &note, &interrupt_before_);
  sigaction(SIGTERM, &note, &terminate_before_);
}

InterruptGuard::~InterruptGuard() {
  sigaction(SIGINT, &interrupt_before_, nullptr);
  sigaction(SIGTERM, &terminate_before_, nullptr);
}

bool InterruptGuard::Raised() { return interrupted != 0; }

void WaitOrInterrupt(std::chrono::milliseconds time) {
  // Interrupted by the handler of a signal. One that has arrived just before costs one wait more.
  poll(nullptr, 0, static_cast<int>(time.count()));
}

InterruptWait::InterruptWait() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
}

InterruptWait::~InterruptWait() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void InterruptWait::Wait() {
  int signal = 0;
  while (sigwait(&signals_, &signal) != 0) {
  }
}

}  // namespace replsim
