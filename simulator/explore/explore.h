// Explores one variant under many seeds: draws, runs and judges each, counts the outcomes by kind,
// and shrinks the first failure of each kind.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "simulator/explore/draw.h"
#include "simulator/explore/judge.h"
#include "simulator/explore/shrink.h"
#include "simulator/explore/workers.h"
#include "simulator/scenario/scenario.h"

namespace replsim {

// Options of one exploration.
struct ExploreOptions {
  uint64_t first_seed = 1;
  uint64_t seeds = 1000;
  int shrink_trials = 300;  // limit of trials per kind of failure
  DrawOptions draw;
  // Once true, no further seed is begun, and failures are not shrunk.
  std::function<bool()> stops = [] { return false; };
};

// All outcomes of one kind.
struct Finding {
  Verdict verdict;  // of the first seed
  uint64_t count = 0;
  uint64_t first_seed = 0;
  std::optional<Shrunk> shrunk;  // for failures that a scenario can reproduce
};

struct Exploration {
  std::string variant;
  uint64_t seeds = 0;  // that were run
  // Seeds whose mode promises to lose no acknowledged write; only they test that promise.
  uint64_t promised = 0;
  // For each guarantee, strongest first: its name and the seeds whose mode promises it to readers.
  std::vector<std::pair<std::string, uint64_t>> guaranteed;
  std::vector<Finding> findings;  // failures last; each group in the order of first seeds
};

// Called after each seed with the number of seeds done, and how many of them failed.
using ExploreProgress = std::function<void(uint64_t done, uint64_t failed)>;

Exploration Explore(const Variant& variant, const ExploreOptions& options, Workers& workers,
                    const ExploreProgress& progress);

}  // namespace replsim
