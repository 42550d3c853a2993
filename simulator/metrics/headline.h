// The metrics that runs are compared by, in the order in which a person asks for them. Listed once,
// here, for the terminal and for pages.
#pragma once

#include <string>
#include <vector>

#include "simulator/metrics/metrics.h"

namespace replsim {

struct Headline {
  Metric metric;
  bool always = false;  // shown also where it is 0 or unknown in every run
};

const std::vector<Headline>& Headlines();

}  // namespace replsim
