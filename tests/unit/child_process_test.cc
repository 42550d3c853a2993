#include "simulator/cluster/live/child_process.h"

#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/scratch_folder.h"

namespace replsim::child_process_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ChildProcessTest : public testing::Test {
 protected:
  void Shell(const std::string& script, const std::string& stderr_path = "") {
    auto spawned =
        group.Spawn({.program = "/bin/sh", .args = {"-c", script}, .stderr_path = stderr_path},
                    {.on_line = [this](std::string line) { lines.push_back(std::move(line)); },
                     .on_stop = [this](Instant) { ++stops; },
                     .on_exit = [this](ChildProcess::Exit how) { exit = how; }});
    ASSERT_TRUE(spawned.ok()) << spawned.status();
    child = *std::move(spawned);
  }
  void Run(const std::function<bool()>& done) {
    const Instant give_up = MonotonicNow() + Millis(10'000);
    while (!done() && MonotonicNow() < give_up) io.run_one_for(Millis(100));
    EXPECT_TRUE(done());
  }
  static bool IsGone(pid_t pid) { return kill(pid, 0) != 0 && errno == ESRCH; }

  asio::io_context io;
  ProcessGroup group{&io};
  std::unique_ptr<ChildProcess> child;
  std::vector<std::string> lines;
  int stops = 0;
  std::optional<ChildProcess::Exit> exit;
};

TEST_F(ChildProcessTest, StdoutComesLineByLine) {
  Shell("echo listening 127.0.0.1:43211; printf 'in two '; printf 'parts\\nno newline'");
  Run([&] { return exit.has_value(); });
  EXPECT_THAT(lines, ElementsAre("listening 127.0.0.1:43211", "in two parts", "no newline"));
}

TEST_F(ChildProcessTest, ALineIsSeenWhileTheProcessGoesOn) {
  Shell("echo ready; exec sleep 100");
  Run([&] { return !lines.empty(); });
  EXPECT_TRUE(child->running());
}

TEST_F(ChildProcessTest, EveryLineComesBeforeTheExit) {
  Shell("i=0; while [ $i -lt 5000 ]; do echo $i; i=$((i+1)); done");
  Run([&] { return exit.has_value(); });
  ASSERT_EQ(lines.size(), 5'000u);
  EXPECT_EQ(lines.back(), "4999");
}

TEST_F(ChildProcessTest, TellsTheExitStatus) {
  Shell("exit 3");
  Run([&] { return exit.has_value(); });
  EXPECT_EQ(exit->ToString(), "exit status 3");
  EXPECT_FALSE(child->running());
  EXPECT_EQ(group.running(), 0u);
}

TEST_F(ChildProcessTest, TellsTheSignalThatKilledIt) {
  Shell("kill -KILL $$");
  Run([&] { return exit.has_value(); });
  EXPECT_EQ(exit->ToString(), "killed by signal 9 (Killed)");
}

TEST_F(ChildProcessTest, TellsThatItHasStoppedItselfAndItCanGoOn) {
  Shell("kill -STOP $$; echo on; kill -STOP $$; exit 5");
  Run([&] { return stops == 1; });
  EXPECT_THAT(lines, IsEmpty());
  ASSERT_TRUE(child->Signal(SIGCONT).ok());
  Run([&] { return stops == 2; });
  EXPECT_THAT(lines, ElementsAre("on"));
  ASSERT_TRUE(child->Signal(SIGCONT).ok());
  Run([&] { return exit.has_value(); });
  EXPECT_EQ(exit->code, 5);
}

TEST_F(ChildProcessTest, AStoppedProcessCanBeKilled) {
  Shell("exec sleep 100");
  ASSERT_TRUE(child->Signal(SIGSTOP).ok());
  Run([&] { return stops == 1; });
  ASSERT_TRUE(child->Kill().ok());
  Run([&] { return exit.has_value(); });
  EXPECT_TRUE(exit->signalled);
  EXPECT_EQ(child->Kill().code(), absl::StatusCode::kNotFound);
}

TEST_F(ChildProcessTest, IsKilledAndReapedWithItsObject) {
  Shell("exec sleep 100");
  const pid_t pid = child->pid();
  child.reset();
  EXPECT_TRUE(IsGone(pid));
  EXPECT_EQ(group.running(), 0u);
  io.poll();
  EXPECT_FALSE(exit.has_value());
}

TEST_F(ChildProcessTest, MayBeDestroyedByItsOwnHandler) {
  auto spawned = group.Spawn(
      {.program = "/bin/sh", .args = {"-c", "echo a; echo b; exec sleep 100"}, .stderr_path = ""},
      {.on_line =
           [this](std::string line) {
             lines.push_back(std::move(line));
             child.reset();
           },
       .on_stop = nullptr,
       .on_exit = nullptr});
  ASSERT_TRUE(spawned.ok());
  child = *std::move(spawned);
  Run([&] { return child == nullptr; });
  EXPECT_THAT(lines, ElementsAre("a"));
}

TEST_F(ChildProcessTest, StderrIsAppendedToItsFile) {
  const ScratchFolder folder;
  const std::string path = folder.path() + "/stderr";
  for (int i = 0; i < 2; ++i) {
    Shell(absl::StrCat("echo oops ", i, " >&2"), path);
    Run([&] { return exit.has_value(); });
    exit.reset();
  }
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "oops 0\noops 1\n");
}

TEST_F(ChildProcessTest, InheritsNoDescriptorAndNoIgnoredSignal) {
  int open_in_us[2];
  ASSERT_EQ(pipe(open_in_us), 0);  // without O_CLOEXEC
  const auto before = signal(SIGPIPE, SIG_IGN);
  Shell(absl::StrCat("[ -e /proc/$$/fd/", open_in_us[1], " ] || echo closed; kill -PIPE $$"));
  signal(SIGPIPE, before);
  Run([&] { return exit.has_value(); });
  EXPECT_THAT(lines, ElementsAre("closed"));
  EXPECT_EQ(exit->code, SIGPIPE);
  close(open_in_us[0]);
  close(open_in_us[1]);
}

TEST_F(ChildProcessTest, AProgramThatIsNotThereIsAnError) {
  const auto spawned =
      group.Spawn({.program = "/no/such/program", .args = {}, .stderr_path = ""}, {});
  EXPECT_EQ(spawned.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(spawned.status().message()), HasSubstr("cannot start /no/such/program"));
}

TEST_F(ChildProcessTest, NeverReapsTheChildrenOfOthers) {
  const pid_t other = fork();
  if (other == 0) _exit(7);
  Shell("exit 0");
  Run([&] { return exit.has_value(); });
  int status = 0;
  ASSERT_EQ(waitpid(other, &status, 0), other);
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

TEST_F(ChildProcessTest, AnInterruptIsGivenToTheRun) {
  std::vector<int> signals;
  group.OnInterrupt([&](int signal) { signals.push_back(signal); });
  raise(SIGINT);
  Run([&] { return !signals.empty(); });
  EXPECT_THAT(signals, ElementsAre(SIGINT));
}

TEST(ProcessGroupDeathTest, TheSecondInterruptKillsEveryChildAndEndsUs) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        asio::io_context io;
        ProcessGroup group(&io);
        auto child = group.Spawn({.program = "/bin/sleep", .args = {"100"}, .stderr_path = ""}, {});
        group.OnInterrupt([&](int) { raise(SIGTERM); });
        raise(SIGINT);
        io.run_for(Millis(10'000));
      },
      testing::ExitedWithCode(128 + SIGTERM), "");
}

TEST_F(ChildProcessTest, KillAllEndsEveryChild) {
  Shell("exec sleep 100");
  group.KillAll();
  Run([&] { return exit.has_value(); });
  EXPECT_EQ(exit->code, SIGKILL);
}

}  // namespace
}  // namespace replsim::child_process_test
