// Child processes of the simulator: started, listened to, signalled, and never left behind.
//
// ProcessGroup starts them and holds what they share: the SIGCHLD that tells of stops, and what
// Ctrl-C does. A ChildProcess that is destroyed kills its process and reaps it. Should this process
// die without destructors, the node programs die by PR_SET_PDEATHSIG, which they set when given
// --parent_pid; the kernel sends that when the *thread* that started them ends, so Spawn only from
// the main thread.
//
// Children get their own process group: Ctrl-C on the terminal reaches us alone, and we end them.
//
// Threads: the io_context's, also for handlers; Signal and pid may be used from any.
#pragma once

#include <sys/types.h>

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "asio/io_context.hpp"
#include "asio/posix/stream_descriptor.hpp"
#include "asio/signal_set.hpp"
#include "common/base/time.h"

namespace replsim {

class ProcessGroup;

class ChildProcess {
 public:
  struct Options {
    std::string program;            // a path; PATH is not searched
    std::vector<std::string> args;  // without the program's name
    std::string stderr_path;        // appended to; empty: shared with us
  };
  struct Exit {
    bool signalled = false;
    int code = 0;                  // exit status, or the signal's number
    Instant when;                  // when we learned it
    std::string ToString() const;  // "exit status 3", "killed by signal 9 (Killed)"
  };
  // None runs inside Spawn. Each may destroy the ChildProcess.
  struct Handlers {
    absl::AnyInvocable<void(std::string line)> on_line;  // of stdout, without its newline
    absl::AnyInvocable<void(Instant when)> on_stop;      // SIGSTOP, by whomever
    absl::AnyInvocable<void(Exit exit)> on_exit;         // once, after the last line
  };

  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  // NOT_FOUND if it has ended; never reaches another process that has got its number since.
  absl::Status Signal(int signal);
  absl::Status Kill();
  bool running() const { return !exit_.has_value(); }

 private:
  friend class ProcessGroup;
  ChildProcess(ProcessGroup* group, asio::io_context* io, pid_t pid, int pidfd, int stdout_fd,
               Handlers handlers);

  void ReadLines();
  void DrainLines();
  bool TakeLines(size_t size);
  void WaitForExit();
  void OnExit();
  void LookForStop();

  ProcessGroup* group_;
  pid_t pid_;
  int pidfd_number_;
  asio::posix::stream_descriptor pidfd_;
  asio::posix::stream_descriptor stdout_;
  Handlers handlers_;
  std::array<char, 4096> chunk_;
  std::string partial_line_;
  std::optional<Exit> exit_;
  // Gone once this is destroyed; whoever has called a handler looks before going on.
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

class ProcessGroup {
 public:
  explicit ProcessGroup(asio::io_context* io);
  // Every ChildProcess is destroyed before it.
  ~ProcessGroup();
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;

  // The error says why the program could not be started.
  absl::StatusOr<std::unique_ptr<ChildProcess>> Spawn(const ChildProcess::Options& options,
                                                      ChildProcess::Handlers handlers);

  // SIGINT and SIGTERM: the first is given to `interrupted`, to end the run in order. The second
  // kills every child and ends this process.
  void OnInterrupt(absl::AnyInvocable<void(int signal)> interrupted);

  // SIGKILL to every child; their handlers still run.
  void KillAll();
  size_t running() const { return children_.size(); }

 private:
  friend class ChildProcess;
  void WaitForChildSignal();
  void WaitForInterrupt();

  asio::io_context* io_;
  asio::signal_set child_signals_;
  asio::signal_set interrupts_;
  absl::AnyInvocable<void(int)> interrupted_;
  std::set<ChildProcess*> children_;  // those not reaped
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
