// A scenario for each seed: first which kinds of fault exist at all in this run (swarm testing:
// Groce et al., ISSTA 2012), then how many, when, where and how hard; and how much load, between
// half and twice the scenario's own. The knobs stay as they are, unless they are to be drawn too.
//
// Where the scenario has faults of its own, they say which kinds are allowed; they do not happen
// themselves.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protos/scenario.pb.h"

namespace replsim {

struct Drawn {
  proto::Scenario scenario;          // resolved; its seed is the one it was drawn from
  std::vector<std::string> numbers;  // what was drawn besides the faults, a line each, for people
  int healing = 0;  // so many faults at the end heal a core (draw_core.h) and belong together
};

struct DrawOptions {
  // Also send_after, serialize_keys and take_over; faults and load are the same with and without.
  bool knobs = false;
  // Also the cluster, and faults that cross (draw_storm.h); in half of the runs a core alone must
  // go on after them (draw_core.h).
  bool storm = false;
  // Nothing is drawn: the seed is the number of a crash (every_io.h).
  bool every_io = false;
};

// The same seed, base and options give the same scenario. `base` is resolved.
Drawn Draw(const proto::Scenario& base, uint64_t seed, const DrawOptions& options = {});

// The faults of a scenario as they stand in its file, one a line; empty where it has none.
std::string FaultLines(const proto::Scenario& scenario);

}  // namespace replsim
