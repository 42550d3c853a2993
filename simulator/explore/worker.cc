#include "simulator/explore/worker.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/check.h"
#include "simulator/explore/frame.h"

namespace replsim {
namespace {

constexpr size_t kStderrBytesKept = 4096;  // limit of stderr bytes that are kept

// The first byte of an answer.
constexpr char kReport = 'r';
constexpr char kStatus = 's';

// Limits processor time, because a busy machine does not consume it. A trial that waits forever
// uses none, so its real time is limited to this multiple.
constexpr int kRealTimes = 20;

void SetTimer(int clock, Nanos after) {
  itimerval timer{};
  timer.it_value.tv_sec = after / std::chrono::seconds(1);
  timer.it_value.tv_usec = after % std::chrono::seconds(1) / Micros(1);
  setitimer(clock, &timer, nullptr);
}

void SetAlarm(Nanos after) {
  SetTimer(ITIMER_PROF, after);
  SetTimer(ITIMER_REAL, kRealTimes * after);
}

// Lets the process die with its parent, leave no core file, and be ended by the alarms. Ctrl-C,
// which a terminal sends to all of them, is left to the parent.
void SetUpChild(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  signal(SIGINT, SIG_IGN);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  sigset_t alarms;
  sigemptyset(&alarms);
  for (const int alarm : {SIGALRM, SIGPROF}) {
    signal(alarm, SIG_DFL);
    sigaddset(&alarms, alarm);
  }
  sigprocmask(SIG_UNBLOCK, &alarms, nullptr);
}

[[noreturn]] void Serve(int socket, const RunTrial& trial, Nanos patience) {
  while (const std::optional<std::string> asked = ReadFrame(socket)) {
    proto::Scenario scenario;
    REPL_CHECK(scenario.ParseFromString(*asked), "the scenario arrived corrupt");
    SetAlarm(patience);
    const absl::StatusOr<proto::RunReport> report = trial(scenario);
    SetAlarm(Nanos(0));
    const std::string answer =
        report.ok() ? absl::StrCat(std::string(1, kReport), report->SerializeAsString())
                    : absl::StrCat(std::string(1, kStatus), report.status().message());
    if (!WriteFrame(socket, answer)) break;
  }
  _exit(0);
}

TrialEnd Decode(const std::string& answer) {
  TrialEnd end;
  if (answer.empty() || answer[0] != kReport) {
    end.how = TrialEnd::How::kFailed;
    end.words = answer.empty() ? "" : answer.substr(1);
  } else if (!end.report.ParseFromArray(answer.data() + 1, static_cast<int>(answer.size() - 1))) {
    end.how = TrialEnd::How::kFailed;
    end.words = "the report of the run arrived corrupt";
  }
  return end;
}

bool Readable(int fd) {
  pollfd poll_fd{fd, POLLIN, 0};
  return poll(&poll_fd, 1, 0) > 0;
}

}  // namespace

Worker::Worker(const RunTrial& trial, Nanos patience) { Fork(trial, patience); }

Worker::~Worker() {
  if (!dead_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(answers_);
  if (errors_ >= 0) close(errors_);
}

void Worker::Fork(const RunTrial& trial, Nanos patience) {
  int sockets[2];
  int errors[2];
  REPL_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0, strerror(errno));
  REPL_CHECK(pipe2(errors, O_CLOEXEC) == 0, strerror(errno));
  const pid_t parent = getpid();
  pid_ = fork();
  REPL_CHECK(pid_ >= 0, "cannot fork: ", strerror(errno));
  if (pid_ == 0) {
    SetUpChild(parent);
    dup2(errors[1], STDERR_FILENO);
    Serve(sockets[1], trial, patience);
  }
  close(sockets[1]);
  close(errors[1]);
  answers_ = sockets[0];
  errors_ = errors[0];
}

void Worker::Send(const proto::Scenario& scenario) {
  last_stderr_.clear();
  // If the process is gone, its end can be read from the socket.
  WriteFrame(answers_, scenario.SerializeAsString());
}

bool Worker::TakeEnd(TrialEnd* end) {
  std::array<char, 65536> buffer;
  const ssize_t got = recv(answers_, buffer.data(), buffer.size(), 0);
  if (got < 0 && errno == EINTR) return false;
  if (got <= 0) {
    *end = Reap();
    return true;
  }
  received_.append(buffer.data(), static_cast<size_t>(got));
  const std::optional<std::string> answer = TakeFrame(&received_);
  if (!answer.has_value()) return false;
  *end = Decode(*answer);
  return true;
}

void Worker::ReadErrors() {
  std::array<char, kStderrBytesKept> buffer;
  const ssize_t got = read(errors_, buffer.data(), buffer.size());
  if (got < 0 && errno == EINTR) return;
  if (got <= 0) {
    close(errors_);
    errors_ = -1;
    return;
  }
  last_stderr_.append(buffer.data(), static_cast<size_t>(got));
  if (last_stderr_.size() > kStderrBytesKept)
    last_stderr_.erase(0, last_stderr_.size() - kStderrBytesKept);
}

TrialEnd Worker::Reap() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  dead_ = true;
  while (errors_ >= 0 && Readable(errors_)) ReadErrors();
  const std::vector<std::string> lines = absl::StrSplit(last_stderr_, '\n', absl::SkipWhitespace());
  TrialEnd end;
  end.how = TrialEnd::How::kDied;
  const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  if (signal == SIGALRM || signal == SIGPROF) {
    end.how = TrialEnd::How::kStuck;
    end.words = "it exceeded its time limit";
  } else if (!lines.empty()) {
    end.words = lines.back();
  } else if (WIFSIGNALED(status)) {
    end.words = absl::StrCat("killed by ", strsignal(WTERMSIG(status)));
  } else {
    end.words = absl::StrCat("exited with ", WEXITSTATUS(status));
  }
  return end;
}

}  // namespace replsim
