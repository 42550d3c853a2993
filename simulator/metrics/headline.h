// The metrics by which runs are compared, in the order of display. The terminal and the pages use
// this one list.
#pragma once

#include <string>
#include <vector>

#include "simulator/metrics/metrics.h"

namespace replsim {

struct Headline {
  Metric metric;
  bool always = false;  // true: shown even if it is 0 or unknown in every run
};

const std::vector<Headline>& Headlines();

}  // namespace replsim
