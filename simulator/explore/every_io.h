// A loss of power at every single write and flush in turn, as SQLite's tests do it: crash number n
// of a scenario is before or after the h-th write, or flush, of one of its nodes, which then starts
// again. The load and its seed stay as they are, so the n-th write is always the same one.
#pragma once

#include <cstdint>

#include "protos/scenario.pb.h"

namespace replsim {

// How many crashes there are in a run in which every node logs so many writes.
uint64_t CrashesOf(const proto::Scenario& scenario, uint64_t writes);

// Crash 1, 2, … of it; the scenario's own faults do not happen.
proto::Scenario WithCrash(const proto::Scenario& scenario, uint64_t number);

}  // namespace replsim
