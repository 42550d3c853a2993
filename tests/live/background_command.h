// A command that runs beside the test. Its output goes to a file. It is killed with the test.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "tests/live/eventually.h"

namespace replsim {

class BackgroundCommand {
 public:
  ~BackgroundCommand() {
    if (pid_ != 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }

  // Returns whether it could be started. `said`: the file for stdout and stderr.
  bool Begin(std::vector<std::string> words, std::string said) {
    said_ = std::move(said);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, said_.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0644);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    const int error = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0;
  }

  std::string Said() const {
    std::ifstream file(said_, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
  bool Says(const std::string& text) const {
    return Eventually([&] { return absl::StrContains(Said(), text); });
  }
  // What follows `before` on its line, once that line is complete.
  std::string Read(const std::string& before) const {
    std::string read;
    Eventually([&] {
      const std::string said = Said();
      const size_t at = said.find(before);
      const size_t end = said.find('\n', at);
      if (at == std::string::npos || end == std::string::npos) return false;
      read = said.substr(at + before.size(), end - at - before.size());
      return true;
    });
    return read;
  }

  // Sends SIGINT, as Ctrl-C does.
  void Interrupt() const { kill(pid_, SIGINT); }
  // Waits for the end, and returns the exit status.
  int Wait() {
    int status = 0;
    waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = 0;
  std::string said_;
};

}  // namespace replsim
