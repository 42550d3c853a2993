// `replsim explore`: runs a scenario with many random fault schedules and reports the failures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/explore/draw.h"

namespace replsim {

// Options of the command line.
struct ExploreCommandOptions {
  std::string scenario_path;
  std::vector<std::string> sets;    // --set PATH=VALUE
  std::vector<std::string> varies;  // --vary PATH=A,B
  uint64_t seeds = 0;  // number of seeds; 0: one per crash with draw.every_io, otherwise 1000
  uint64_t first_seed = 1;
  // Worker processes; the command line sets one per processor.
  int jobs = 1;
  // Processor time in seconds after which a trial counts as stuck.
  int trial_seconds = 60;
  // Folder of the shrunk scenarios: OUT/<scenario>/explore.
  std::string out = "runs";
  std::string json;                  // file for the outcomes as JSON; "-": stdout; empty: none
  std::string junit;                 // file for JUnit XML; empty: none
  std::string html;                  // file for the page; empty: none
  std::vector<std::string> fail_on;  // kinds of outcomes that are failures too (FailOnKinds)
  DrawOptions draw;
  bool quiet = false;  // no progress display
};

// Returns the exit status: 0 if no seed failed, 1 if one did, 64 for a bad scenario, 70 if a trial
// could not be run.
int ExploreScenario(const ExploreCommandOptions& options);

}  // namespace replsim
