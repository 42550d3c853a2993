// `replsim play`: serves a page on which settings are changed and faults placed, and each change is
// run in virtual time.
#pragma once

#include <string>
#include <vector>

namespace replsim {

struct PlayOptions {
  std::string scenario_path;  // empty: a built-in scenario
  std::vector<std::string> sets;
  std::string out = "runs";  // folder for runs on real processes
  int port = 0;              // 0: any free port
};
// Serves until SIGINT or SIGTERM; returns the exit status.
int Play(const PlayOptions& options);

// One run for the page, in a process of its own. Reads a request from stdin: the number of
// overrides on a line, each override (PATH=VALUE) on a line, then the scenario. Prints JSON
// (play_answer.h), or with `as_page` a report page. Returns the exit status: kExitUsage if the
// scenario has mistakes.
int PlayTrial(bool as_page);

}  // namespace replsim
