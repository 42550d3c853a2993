// Derives from a scenario's faults what is certain at the moment one of them fires.
//
// A fault and the faults that follow it by after_previous form a chain. The order within a chain is
// certain: a fault fires only if the one before it has fired. The relative order of different
// chains is not certain, so a fault of another chain counts as if it fired at the worst moment.
#pragma once

#include <set>
#include <string>

#include "protos/scenario.pb.h"

namespace replsim {

// The state just before a promotion.
struct Before {
  bool leader_dead = false;           // certainly dead (killed or without power) and not restarted
  bool first_reign = true;            // p is still the leader and was never restarted
  std::set<std::string> unavailable;  // nodes other than the leader that may be dead or paused
  std::set<std::string> touched;      // nodes that may have died or been paused at some time
  std::string unsure;                 // why the state is uncertain; empty: it is certain
};

// The state before fault number `index` fires. Partitions are ignored: the promoting supervisor
// does not use the links between nodes (simulator/cluster/seam/cluster.h).
Before BeforeFault(const proto::Scenario& scenario, int index);

}  // namespace replsim
