// One variant of a scenario under many seeds: each drawn, run, judged; outcomes counted by kind,
// and the first failure of each kind shrunk.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "simulator/explore/draw.h"
#include "simulator/explore/judge.h"
#include "simulator/explore/shrink.h"
#include "simulator/explore/workers.h"
#include "simulator/scenario/scenario.h"

namespace replsim {

struct ExploreOptions {
  uint64_t first_seed = 1;
  uint64_t seeds = 1000;
  int shrink_trials = 300;  // for each kind of failure
  DrawOptions draw;
};

// All outcomes of one kind.
struct Finding {
  Verdict verdict;  // of the first
  uint64_t count = 0;
  uint64_t first_seed = 0;
  std::optional<Shrunk> shrunk;  // of failures that a scenario can show again
};

struct Exploration {
  std::string variant;
  uint64_t seeds = 0;
  uint64_t promised = 0;  // of these, to lose no acknowledged write: only they put that to the test
  std::vector<Finding> findings;  // failures last, each in the order of their first seeds
};

// After each seed: how many are done, and how many of them failed.
using ExploreProgress = std::function<void(uint64_t done, uint64_t failed)>;

Exploration Explore(const Variant& variant, const ExploreOptions& options, Workers& workers,
                    const ExploreProgress& progress);

}  // namespace replsim
