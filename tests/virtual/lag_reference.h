// Lag in entries and in time of every stage of every node, for outage_property_test.cc: a second
// implementation of lag.h that follows every log entry by entry, at every instant of the load.
#pragma once

#include <cstdint>
#include <vector>

#include "simulator/recording/recording.h"

namespace replsim {

// From one instant to the next, in which the node was up and another node led.
struct LagPiece {
  int64_t length_ns = 0;
  int64_t entries = 0;
  int64_t age_ns = 0;  // of the oldest missing entry when the piece begins; grows with time
};

// [node][stage]: receive, write, flush, apply. For recordings in virtual time.
std::vector<std::vector<std::vector<LagPiece>>> FollowLag(const Recording& recording);

// How many ns of all pieces had a lag of at most `value`.
double EntriesAtMost(const std::vector<LagPiece>& pieces, double value);
double AgeAtMost(const std::vector<LagPiece>& pieces, double value_ns);
double WholeLength(const std::vector<LagPiece>& pieces);

}  // namespace replsim
