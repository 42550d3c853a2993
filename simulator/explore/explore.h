// Explores one variant under many seeds: draws, runs and judges each, counts the outcomes by kind,
// and shrinks the first of each kind that is not as promised.
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
  // The same for an outcome that is no failure of the mode: there is no bug to understand.
  int shrink_trials_unfailed = 100;
  std::vector<std::string> fail_on;  // kinds that are failures as well (FailOnKinds in judge.h)
  DrawOptions draw;
  // Once true, no further seed is begun, and failures are not shrunk.
  std::function<bool()> stops = [] { return false; };
};

// All outcomes of one kind. A run has one outcome of its mode, and one for each expectation that
// did not hold.
struct Finding {
  Verdict verdict;  // of the shown seed
  uint64_t count = 0;
  uint64_t first_seed = 0;
  // Whether the shown seed promotes no replica before the primary has ended.
  bool is_careful = false;
  // For an outcome that is no failure, if the first seed promotes a replica although the
  // primary has not ended: the first seed that does not. Its schedule says more about the mode.
  std::optional<uint64_t> careful_seed{};
  // The seed that is shown and shrunk.
  uint64_t shown_seed() const { return careful_seed.value_or(first_seed); }
  std::optional<Shrunk> shrunk{};  // if a scenario can reproduce it, and it is not as promised
};

struct Exploration {
  std::string variant;
  uint64_t seeds = 0;  // that were run
  // Seeds whose mode promises to lose no acknowledged write; only they test that promise.
  uint64_t promised = 0;
  // For each guarantee, strongest first: its name and the seeds whose mode promises it to readers.
  std::vector<std::pair<std::string, uint64_t>> guaranteed;
  std::vector<Finding> findings;  // failures last; each group in the order of first seeds
  // The scenario's expectations that were judged (drawn_expectations.h).
  std::vector<proto::Condition> judged;
};

// Called after each seed with the number of seeds done, and how many of them failed.
using ExploreProgress = std::function<void(uint64_t done, uint64_t failed)>;

Exploration Explore(const Variant& variant, const ExploreOptions& options, Workers& workers,
                    const ExploreProgress& progress);

}  // namespace replsim
