#include "simulator/serve/child_filter.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "simulator/serve/read_all.h"

namespace replsim {
namespace {

// A file in memory with the text, at its beginning; -1 on failure.
int FileWith(absl::string_view text) {
  const int file = memfd_create("input", MFD_CLOEXEC);
  if (file < 0) return -1;
  while (!text.empty()) {
    const ssize_t size = write(file, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    text.remove_prefix(static_cast<size_t>(size));
  }
  if (text.empty() && lseek(file, 0, SEEK_SET) == 0) return file;
  close(file);
  return -1;
}

// Returns 0 on failure. `output` is the reading end of the program's stdout and stderr.
pid_t StartFilter(std::vector<std::string>& command, int input, int* output) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) return 0;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  std::vector<char*> argv;
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  // The program must be able to be interrupted, although this one may block the signals.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  if (error == 0) {
    *output = pipe_ends[0];
    return pid;
  }
  close(pipe_ends[0]);
  return 0;
}

}  // namespace

void ChildFilter::Close() {
  const absl::MutexLock lock(&mutex_);
  closing_ = true;
  if (child_ != 0) kill(child_, SIGTERM);
  changed_.SignalAll();
  while (calls_ > 0) changed_.Wait(&mutex_);
}

absl::StatusOr<ChildFilter::Answer> ChildFilter::Run(std::vector<std::string> command,
                                                     absl::string_view input) {
  int output = -1;
  pid_t child = 0;
  uint64_t mine = 0;
  {
    const absl::MutexLock lock(&mutex_);
    mine = ++newest_;
    ++calls_;
    if (child_ != 0) kill(child_, SIGTERM);
    while (child_ != 0 && mine == newest_ && !closing_) changed_.Wait(&mutex_);
    if (mine == newest_ && !closing_) {
      const int file = FileWith(input);
      if (file >= 0) child = child_ = StartFilter(command, file, &output);
      if (file >= 0) close(file);
    }
  }
  Answer answer;
  int status = 0;
  if (child != 0) {
    answer.output = ReadAll(output);
    close(output);
    siginfo_t ended;
    while (waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) != 0) {
    }
  }
  // The program is reaped only under the lock, so that its pid cannot be reused while it may be
  // signalled.
  const absl::MutexLock lock(&mutex_);
  if (child != 0) {
    waitpid(child, &status, 0);
    child_ = 0;
  }
  --calls_;
  changed_.SignalAll();
  if (mine != newest_ || closing_) return absl::CancelledError("replaced by a newer request");
  if (child == 0) return absl::InternalError("the run could not be started");
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
    return absl::ResourceExhaustedError(
        "the run took more processor time than it may; a shorter duration or a lower rate takes "
        "less");
  }
  if (!WIFEXITED(status)) {
    return absl::InternalError(
        absl::StrCat("the run died of signal ", WTERMSIG(status), ": ", answer.output));
  }
  answer.status = WEXITSTATUS(status);
  return answer;
}

}  // namespace replsim
