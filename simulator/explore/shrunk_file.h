// The smallest scenario of a finding, as text: what it takes, how large it is, and its file. Pure.
#pragma once

#include <string>

#include "protos/scenario.pb.h"
#include "simulator/explore/explore.h"

namespace replsim {

// "2 faults: power-loss p, promote best". A fault at a failpoint names it. At most five faults
// are named.
std::string FaultsInWords(const proto::Scenario& scenario);

// "2 faults, 1 client, 400ms, 3 replicas"
std::string SizeInWords(const proto::Scenario& scenario);

// Adds to a shrunk scenario what a run of it must show: the invariants of every mode and what this
// mode promises. For an outcome that is no failure of the mode, also the outcome itself: that
// writes are lost, or the expectation that does not hold.
void AddExpectations(const std::string& kind, proto::Scenario* scenario);

}  // namespace replsim
