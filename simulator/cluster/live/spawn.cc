// Starts a program for ProcessGroup with posix_spawn, so that no code of this program runs between
// fork and exec while other threads hold locks.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/cluster/live/child_process.h"

namespace replsim {
namespace {

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  // stdin is /dev/null, stdout the pipe, stderr its file. No other descriptor is inherited.
  int Set(int stdout_fd, const std::string& stderr_path) {
    int error = posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions_, stdout_fd, 1);
    if (error == 0 && !stderr_path.empty()) {
      error = posix_spawn_file_actions_addopen(&actions_, 2, stderr_path.c_str(),
                                               O_WRONLY | O_CREAT | O_APPEND, 0644);
    }
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
    return error;
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

class Attributes {
 public:
  Attributes() { posix_spawnattr_init(&attributes_); }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  // Resets blocked and ignored signals, and creates a process group for the child.
  int Set() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setsigmask(&attributes_, &none);
    if (error == 0) error = posix_spawnattr_setsigdefault(&attributes_, &all);
    if (error == 0) error = posix_spawnattr_setpgroup(&attributes_, 0);
    if (error == 0) {
      error = posix_spawnattr_setflags(
          &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    return error;
  }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

// Returns 0 or an errno.
int Start(const ChildProcess::Options& options, int stdout_fd, pid_t* pid) {
  FileActions actions;
  if (const int error = actions.Set(stdout_fd, options.stderr_path); error != 0) return error;
  Attributes attributes;
  if (const int error = attributes.Set(); error != 0) return error;
  std::vector<std::string> words = options.args;
  words.insert(words.begin(), options.program);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  return posix_spawn(pid, options.program.c_str(), actions.get(), attributes.get(), argv.data(),
                     environ);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> ProcessGroup::Spawn(
    const ChildProcess::Options& options, ChildProcess::Handlers handlers) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot start ", options.program, ": pipe"));
  }
  pid_t pid = 0;
  const int error = Start(options, pipe_ends[1], &pid);
  close(pipe_ends[1]);
  if (error != 0) {
    close(pipe_ends[0]);
    return absl::ErrnoToStatus(error, absl::StrCat("cannot start ", options.program));
  }
  // The child has not been reaped, so its pid is still valid.
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (pidfd < 0) {
    const int why = errno;
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    close(pipe_ends[0]);
    return absl::ErrnoToStatus(
        why, absl::StrCat("cannot watch ", options.program, ": pidfd_open (needs Linux 5.3)"));
  }
  return std::unique_ptr<ChildProcess>(
      new ChildProcess(this, io_, pid, pidfd, pipe_ends[0], std::move(handlers)));
}

}  // namespace replsim
