// Starts the child processes of the simulator, reads their stdout, signals them, and ensures that
// none is left behind.
//
// A ProcessGroup starts the children and owns what they share: the SIGCHLD handler and the reaction
// to Ctrl-C. Destroying a ChildProcess kills and reaps its process. If this process dies without
// running destructors, the node programs die by PR_SET_PDEATHSIG, which they set when given
// --parent_pid. The kernel sends that signal when the *thread* that started them ends, so call
// Spawn only from the main thread.
//
// Each child has its own process group: Ctrl-C on the terminal reaches only the simulator, which
// ends the children.
//
// Threads: everything, handlers included, runs on the io_context's thread. Signal and pid may be
// called from any thread.
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
    std::string program;            // path of the program; PATH is not searched
    std::vector<std::string> args;  // arguments without the program's name
    std::string stderr_path;        // file to append stderr to; empty: the simulator's stderr
  };
  struct Exit {
    bool signalled = false;
    int code = 0;                  // exit status, or number of the signal
    Instant when;                  // when the simulator noticed it
    std::string ToString() const;  // "exit status 3", "killed by signal 9 (Killed)"
  };
  // No handler runs inside Spawn. Each may destroy the ChildProcess.
  struct Handlers {
    absl::AnyInvocable<void(std::string line)> on_line;  // one line of stdout, without its newline
    absl::AnyInvocable<void(Instant when)> on_stop;      // SIGSTOP, from any sender
    absl::AnyInvocable<void(Exit exit)> on_exit;         // called once, after the last line
  };

  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  // NOT_FOUND if the process has ended. A pidfd ensures that no other process with the same pid is
  // signalled.
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
  // Expires when this object is destroyed. Code that has called a handler checks it before it
  // continues.
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

class ProcessGroup {
 public:
  explicit ProcessGroup(asio::io_context* io);
  // Every ChildProcess must be destroyed before the group.
  ~ProcessGroup();
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;

  // On an error the status says why the program could not be started.
  absl::StatusOr<std::unique_ptr<ChildProcess>> Spawn(const ChildProcess::Options& options,
                                                      ChildProcess::Handlers handlers);

  // Handles SIGINT and SIGTERM: the first one calls `interrupted`, which ends the run in order. The
  // second one kills every child and ends this process.
  void OnInterrupt(absl::AnyInvocable<void(int signal)> interrupted);

  // Sends SIGKILL to every child; their handlers still run.
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
  std::set<ChildProcess*> children_;  // children that are not reaped yet
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
