// Shrinks a failing scenario: fewer faults and links (delta debugging), then fewer clients, less
// time, fewer writes and fewer replicas, until no step helps. Pure, apart from `fails`.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "protos/scenario.pb.h"

namespace replsim {

struct Shrunk {
  proto::Scenario scenario;
  int trials = 0;        // number of trials used
  bool finished = true;  // false: the limit of trials was reached, so a smaller one may exist
};

// `fails` returns whether a scenario still fails in the same way. It is called at most `trials_max`
// times, and only with valid scenarios. `failing` is resolved and known to fail. Its last `healing`
// faults stay, together with what they depend on: their times, the length and rate of the load, and
// the nodes.
Shrunk Shrink(const proto::Scenario& failing,
              const std::function<bool(const proto::Scenario&)>& fails, int trials_max,
              int healing = 0);

// Returns the scenario with only the faults at these indices, which ascend. A fault that follows a
// removed one takes over its trigger. The result may be invalid: for example, a promotion cannot
// wait for the failpoint of a removed kill.
proto::Scenario KeepFaults(const proto::Scenario& scenario, const std::vector<size_t>& kept);

}  // namespace replsim
