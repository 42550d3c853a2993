// A second implementation of lag.h, for outage_property_test.cc: lag in entries and time of every
// stage of every node. It follows every log entry by entry, at every instant of the load.
#pragma once

#include <cstdint>
#include <vector>

#include "simulator/recording/recording.h"

namespace replsim {

// The time between two instants in which the node was up and another node led.
struct LagPiece {
  int64_t length_ns = 0;
  int64_t entries = 0;
  int64_t age_ns = 0;  // age of the oldest missing entry at the beginning; grows with time
};

// Indexed by [node][stage]: receive, write, flush, apply. For recordings in virtual time.
std::vector<std::vector<std::vector<LagPiece>>> FollowLag(const Recording& recording);

// Returns how many ns of all pieces had a lag of at most `value`.
double EntriesAtMost(const std::vector<LagPiece>& pieces, double value);
double AgeAtMost(const std::vector<LagPiece>& pieces, double value_ns);
double WholeLength(const std::vector<LagPiece>& pieces);

}  // namespace replsim
