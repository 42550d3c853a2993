// The smallest scenario that still fails: fewer faults and links (delta debugging), then fewer
// clients, less time, fewer writes, fewer replicas, as long as any of it helps.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "protos/scenario.pb.h"

namespace replsim {

struct Shrunk {
  proto::Scenario scenario;
  int trials = 0;        // that it took
  bool finished = true;  // false: it might have become smaller, had there been more trials
};

// `fails` says whether a scenario still fails in the same way, and is asked at most `trials_max`
// times, only about scenarios that pass the check of scenarios. `failing` is resolved, and known to
// fail. Its last `healing` faults stay, and so does what they rest on: their times, the length and
// the rate of the load, and the nodes. A pure function of these.
Shrunk Shrink(const proto::Scenario& failing,
              const std::function<bool(const proto::Scenario&)>& fails, int trials_max,
              int healing = 0);

// The scenario with only these of its faults (indices, in order). One that follows a fault that is
// left out takes over its trigger. What comes of it may be no valid scenario: a promotion cannot
// wait for the failpoint of a kill that is gone.
proto::Scenario KeepFaults(const proto::Scenario& scenario, const std::vector<size_t>& kept);

}  // namespace replsim
