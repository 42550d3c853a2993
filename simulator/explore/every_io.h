// Power loss at every single write and flush in turn, as SQLite's tests do. Each crash happens
// before or after the h-th write or flush of one node, which then restarts. The load and its seed
// stay the same, so the h-th write is the same in every run. Pure.
#pragma once

#include <cstdint>

#include "protos/scenario.pb.h"

namespace replsim {

// Returns the number of crashes of a run in which every node logs `writes` records.
uint64_t CrashesOf(const proto::Scenario& scenario, uint64_t writes);

// Returns the scenario with crash 1, 2, … as its only fault.
proto::Scenario WithCrash(const proto::Scenario& scenario, uint64_t number);

}  // namespace replsim
