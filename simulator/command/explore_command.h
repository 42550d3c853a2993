// `replsim explore`: a scenario file in, what happens to it under many drawn faults out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/explore/draw.h"

namespace replsim {

struct ExploreCommandOptions {
  std::string scenario_path;
  std::vector<std::string> sets;    // --set PATH=VALUE
  std::vector<std::string> varies;  // --vary PATH=A,B
  uint64_t seeds = 0;               // 0: as many as there are of the I/O, 1000 of others
  uint64_t first_seed = 1;
  int jobs = 1;
  int trial_seconds = 60;
  std::string out = "runs";
  std::string json;   // a file, "-" for stdout, or empty
  std::string junit;  // a file, or empty
  DrawOptions draw;
  bool quiet = false;
};

// The exit status: 0 nothing failed, 1 something did, 64 bad scenario, 70 our own failure.
int ExploreScenario(const ExploreCommandOptions& options);

}  // namespace replsim
