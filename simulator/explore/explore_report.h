// What an exploration found, for a terminal; and the scenario files that show it again.
#pragma once

#include <string>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/explore/explore.h"
#include "simulator/scenario/scenario.h"

namespace replsim {

// Whoever explored, and how to do it again.
struct ExploreHeading {
  std::string scenario;  // its name
  std::string again;     // "replsim explore FILE --set …", without seeds
  std::string folder;    // where the shrunk scenarios are written: OUT/<name>/explore
  uint64_t first_seed = 1;
  uint64_t seeds = 0;
  DrawOptions draw{};
};

// The shrunk scenario as a file of its own: its name and its question say where it came from, and
// it expects what must hold under these faults.
struct ShrunkFile {
  std::string path;
  std::string yaml;
};
// Of a finding that was shrunk. `only`: there is no other variant to tell it from.
ShrunkFile FileOf(const ExploreHeading& heading, const Exploration& exploration,
                  const Finding& finding, bool only);

// Runs the first seed of the finding alone.
std::string RepeatCommand(const ExploreHeading& heading, const Finding& finding);

// A table of outcomes; then, for the first failure of each kind, what was drawn, what it was shrunk
// to, and last the commands that repeat it. `variants` are those explored, in order.
std::string ExploreText(const ExploreHeading& heading, const std::vector<Variant>& variants,
                        const std::vector<Exploration>& explorations);

// 0 none failed, 1 some did; 70 where runs themselves could not be done.
int ExploreStatus(const std::vector<Exploration>& explorations);

}  // namespace replsim
