// Runs trials in several processes at once and delivers their results in the order of the requests.
// Single-threaded.
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
  // Forks `jobs` >= 1 processes. `patience` limits each trial (see Worker).
  Workers(RunTrial trial, int jobs, Nanos patience);

  // Runs trials 0 … count - 1. `scenario_of` is called in order, when a worker is free. `take`
  // receives the results in order, each as soon as all earlier ones are in. Once `stops` is true no
  // trial begins; those that have begun are waited for.
  void Run(
      uint64_t count, const std::function<proto::Scenario(uint64_t)>& scenario_of,
      const std::function<void(uint64_t, TrialEnd)>& take,
      const std::function<bool()>& stops = [] { return false; });
  TrialEnd RunOne(const proto::Scenario& scenario);

 private:
  const RunTrial trial_;
  const Nanos patience_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace replsim
