#include "simulator/serve/view_loop.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/time/time.h"
#include "simulator/serve/read_all.h"

namespace replsim {
namespace {

constexpr double kPauseMinS = 1;
constexpr double kPausePerProcessorTime = 20;
constexpr int kLowestPriority = 19;

// Starts `command` with its stdout in a pipe, and sets *output to the reading end. Returns 0 on
// failure.
pid_t Start(std::vector<std::string> command, int* output) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) return 0;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  std::vector<char*> argv;
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  if (error != 0) {
    close(pipe_ends[0]);
    return 0;
  }
  *output = pipe_ends[0];
  return pid;
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

ViewLoop::ViewLoop(std::vector<std::string> command, std::function<void(LiveView)> show)
    : command_(std::move(command)), show_(std::move(show)), thread_([this] { Loop(); }) {}

ViewLoop::~ViewLoop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
    if (child_ != 0) kill(child_, SIGKILL);
    changed_.SignalAll();
  }
  thread_.join();
}

void ViewLoop::Finish() {
  const absl::MutexLock lock(&mutex_);
  finishing_ = true;
  if (child_ != 0) kill(child_, SIGKILL);  // its view would be outdated
  changed_.SignalAll();
  while (!finished_) changed_.Wait(&mutex_);
}

void ViewLoop::Loop() {
  double processor_s = 0;
  while (WaitForNext(processor_s)) processor_s = MakeOne(/*hurry=*/false);
  bool finishing = false;
  {
    const absl::MutexLock lock(&mutex_);
    finishing = finishing_ && !stopping_;
  }
  if (finishing) MakeOne(/*hurry=*/true);
  const absl::MutexLock lock(&mutex_);
  finished_ = true;
  changed_.SignalAll();
}

bool ViewLoop::WaitForNext(double processor_s) {
  const absl::MutexLock lock(&mutex_);
  const absl::Time due =
      absl::Now() + absl::Seconds(std::max(kPauseMinS, kPausePerProcessorTime * processor_s));
  while (!finishing_ && !stopping_) {
    if (changed_.WaitWithDeadline(&mutex_, due)) return true;
  }
  return false;
}

double ViewLoop::MakeOne(bool hurry) {
  int output = -1;
  pid_t child = 0;
  {
    // Under the lock, so that Finish and the destructor see the child and can kill it.
    const absl::MutexLock lock(&mutex_);
    if (stopping_ || (finishing_ && !hurry)) return 0;
    child = child_ = Start(command_, &output);
    if (child == 0) return 0;
    if (!hurry) setpriority(PRIO_PROCESS, static_cast<id_t>(child), kLowestPriority);
  }
  const std::string packed = ReadAll(output);
  close(output);
  siginfo_t ended;
  rusage used{};
  int status = 0;
  // The child is reaped only under the lock, so that its pid cannot be reused while it may be
  // signalled.
  while (waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) != 0) {
  }
  {
    const absl::MutexLock lock(&mutex_);
    wait4(child, &status, 0, &used);
    child_ = 0;
  }
  absl::StatusOr<LiveView> view = Unpack(packed);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && view.ok()) show_(*std::move(view));
  return Seconds(used.ru_utime) + Seconds(used.ru_stime);
}

}  // namespace replsim
