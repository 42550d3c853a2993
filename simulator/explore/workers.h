// Trials in several processes at once, with their ends in the order in which they were asked for,
// whatever order they came in.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "common/base/time.h"
#include "simulator/explore/trial.h"
#include "simulator/explore/worker.h"

namespace replsim {

class Workers {
 public:
  // `jobs` >= 1 processes, forked here; `patience` is for one trial, in real time.
  Workers(RunTrial trial, int jobs, Nanos patience);

  // Trials 0 … count - 1. `scenario_of` is asked when a worker is free, in order; `take` gets each
  // end, in order, as soon as those before it are in.
  void Run(uint64_t count, const std::function<proto::Scenario(uint64_t)>& scenario_of,
           const std::function<void(uint64_t, TrialEnd)>& take);
  TrialEnd RunOne(const proto::Scenario& scenario);

 private:
  const RunTrial trial_;
  const Nanos patience_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace replsim
