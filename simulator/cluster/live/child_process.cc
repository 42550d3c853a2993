#include "simulator/cluster/live/child_process.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"

namespace replsim {
namespace {

// Longer lines are passed on in pieces.
constexpr size_t kMaxLine = 64 * 1024;

// Waits by pid, which stays valid until the process is reaped. waitid on a pidfd that Asio has made
// non-blocking would return EAGAIN.
siginfo_t Wait(pid_t pid, int options) {
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid), &info, options) != 0) {
    // Any error except EINTR means that there is nothing to wait for; si_pid is 0 then.
    if (errno != EINTR) return siginfo_t{};
  }
  return info;
}

}  // namespace

std::string ChildProcess::Exit::ToString() const {
  if (!signalled) return absl::StrCat("exit status ", code);
  return absl::StrCat("killed by signal ", code, " (", strsignal(code), ")");
}

ChildProcess::ChildProcess(ProcessGroup* group, asio::io_context* io, pid_t pid, int pidfd,
                           int stdout_fd, Handlers handlers)
    : group_(group),
      pid_(pid),
      pidfd_number_(pidfd),
      pidfd_(*io, pidfd),
      stdout_(*io, stdout_fd),
      handlers_(std::move(handlers)) {
  group_->children_.insert(this);
  asio::error_code ignored;
  stdout_.non_blocking(true, ignored);
  ReadLines();
  WaitForExit();
}

ChildProcess::~ChildProcess() {
  if (exit_.has_value()) return;
  group_->children_.erase(this);
  (void)Kill();
  Wait(pid_, WEXITED);
}

absl::Status ChildProcess::Kill() { return Signal(SIGKILL); }

absl::Status ChildProcess::Signal(int signal) {
  if (syscall(SYS_pidfd_send_signal, pidfd_number_, signal, nullptr, 0) == 0) {
    return absl::OkStatus();
  }
  const int error = errno;
  if (error == ESRCH) {
    return absl::NotFoundError(absl::StrCat("process ", pid_, " has ended"));
  }
  return absl::ErrnoToStatus(error, absl::StrCat("signal ", signal, " to process ", pid_));
}

void ChildProcess::ReadLines() {
  stdout_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [this, alive = std::weak_ptr(alive_)](const asio::error_code& error) {
                       if (error || alive.expired() || !stdout_.is_open()) return;
                       DrainLines();
                       if (!alive.expired() && stdout_.is_open()) ReadLines();
                     });
}

// Reads everything available; closes the stream at its end.
void ChildProcess::DrainLines() {
  while (stdout_.is_open()) {
    asio::error_code error;
    const size_t size = stdout_.read_some(asio::buffer(chunk_), error);
    if (error == asio::error::would_block || error == asio::error::try_again) return;
    if (error) {
      stdout_.close(error);
      if (!partial_line_.empty() && handlers_.on_line) {
        handlers_.on_line(std::exchange(partial_line_, ""));
      }
      return;
    }
    if (!TakeLines(size)) return;
  }
}

// Returns false if a handler has destroyed this object.
bool ChildProcess::TakeLines(size_t size) {
  const std::weak_ptr alive(alive_);
  const std::string bytes(chunk_.data(), size);
  for (const char byte : bytes) {
    if (byte != '\n') partial_line_.push_back(byte);
    if (byte != '\n' && partial_line_.size() < kMaxLine) continue;
    std::string line = std::exchange(partial_line_, "");
    if (handlers_.on_line) handlers_.on_line(std::move(line));
    if (alive.expired()) return false;
  }
  return true;
}

void ChildProcess::WaitForExit() {
  pidfd_.async_wait(asio::posix::stream_descriptor::wait_read,
                    [this, alive = std::weak_ptr(alive_)](const asio::error_code& error) {
                      if (!error && !alive.expired()) OnExit();
                    });
}

void ChildProcess::OnExit() {
  Exit exit;
  exit.when = MonotonicNow();
  const siginfo_t info = Wait(pid_, WEXITED | WNOHANG);
  if (info.si_pid == 0) return WaitForExit();
  exit.signalled = info.si_code != CLD_EXITED;
  exit.code = info.si_status;
  exit_ = exit;
  group_->children_.erase(this);
  const std::weak_ptr alive(alive_);
  DrainLines();
  if (!alive.expired() && handlers_.on_exit) handlers_.on_exit(exit);
}

void ChildProcess::LookForStop() {
  const siginfo_t info = Wait(pid_, WSTOPPED | WNOHANG);
  if (info.si_pid != 0 && handlers_.on_stop) handlers_.on_stop(MonotonicNow());
}

ProcessGroup::ProcessGroup(asio::io_context* io)
    : io_(io), child_signals_(*io, SIGCHLD), interrupts_(*io) {
  WaitForChildSignal();
}

ProcessGroup::~ProcessGroup() {
  REPL_CHECK(children_.empty(), children_.size(), " child processes outlive their group");
}

void ProcessGroup::WaitForChildSignal() {
  child_signals_.async_wait(
      [this, alive = std::weak_ptr(alive_)](const asio::error_code& error, int) {
        if (error || alive.expired()) return;
        WaitForChildSignal();
        // Signals coalesce: one may report several children. A handler may destroy any of them.
        const std::set<ChildProcess*> children = children_;
        for (ChildProcess* child : children) {
          if (children_.contains(child)) child->LookForStop();
          if (alive.expired()) return;
        }
      });
}

void ProcessGroup::OnInterrupt(absl::AnyInvocable<void(int)> interrupted) {
  interrupted_ = std::move(interrupted);
  interrupts_.add(SIGINT);
  interrupts_.add(SIGTERM);
  interrupts_.cancel();  // cancels an earlier wait, which the same signal would complete as well
  WaitForInterrupt();
}

void ProcessGroup::WaitForInterrupt() {
  interrupts_.async_wait(
      [this, alive = std::weak_ptr(alive_)](const asio::error_code& error, int signal) {
        if (error || alive.expired()) return;
        if (!interrupted_) {
          KillAll();
          _exit(128 + signal);
        }
        WaitForInterrupt();
        std::exchange(interrupted_, nullptr)(signal);
      });
}

void ProcessGroup::KillAll() {
  for (ChildProcess* child : children_) (void)child->Kill();
}

}  // namespace replsim
