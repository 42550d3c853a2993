// Draws a scenario from a seed. First it draws which kinds of fault the run has (swarm testing:
// Groce et al., ISSTA 2012), then their number, times, targets and strengths, and a load between
// half and twice the scenario's own. The knobs stay unless DrawOptions includes them. If the nodes
// elect their primary, some runs have nodes whose clocks drift. Pure.
//
// The scenario's own faults only select the allowed kinds; they do not happen themselves.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protos/scenario.pb.h"

namespace replsim {

struct Drawn {
  proto::Scenario scenario;          // resolved; its seed is the seed of the draw
  std::vector<std::string> numbers;  // what was drawn besides the faults, one line each
  // Number of faults at the end that heal a core (draw_core.h); they belong together.
  int healing = 0;
};

// Selects what is drawn besides the faults and the load.
struct DrawOptions {
  // Also draw send_after, serialize_keys and take_over, and the knobs of an election
  // (draw_elections.h). Faults and load of a scenario without elections stay the same for a seed.
  bool knobs = false;
  // Also draw the size and settings of the cluster, the knobs of an election, and faults that
  // overlap (draw_storm.h). In half of the runs a core of the nodes must make progress alone
  // afterwards (draw_core.h).
  bool storm = false;
  // Draw nothing: the seed is the number of a crash (every_io.h). Excludes `knobs` and `storm`.
  bool every_io = false;
};

// The same seed, base and options give the same scenario. `base` is resolved.
Drawn Draw(const proto::Scenario& base, uint64_t seed, const DrawOptions& options = {});

// Returns the faults of a scenario as in its file, one per line; empty if it has none.
std::string FaultLines(const proto::Scenario& scenario);

}  // namespace replsim
