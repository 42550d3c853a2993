// What is certain when a fault of a scenario happens, from the faults alone. A fault and those that
// follow it by after_previous are a chain: its order is certain, for none happens unless the one
// before it has. How chains of different triggers fall together is not, so a fault of another chain
// counts as if it came at the worst moment.
#pragma once

#include <set>
#include <string>

#include "protos/scenario.pb.h"

namespace replsim {

// Just before a promotion.
struct Before {
  bool leader_dead = false;  // killed (its power may be gone) for certain, and not started again
  bool first_reign = true;   // p leads, and has not been started again
  std::set<std::string> unavailable;  // nodes but the leader that may be dead or paused
  std::set<std::string> touched;      // those that may have died at some time, or been paused
  std::string unsure;                 // why nothing can be said; empty: something can
};

// A cut does not keep a node from being asked, or promoted: whoever promotes is not on the links
// between nodes (simulator/cluster/seam/cluster.h).
Before BeforeFault(const proto::Scenario& scenario, int index);

}  // namespace replsim
