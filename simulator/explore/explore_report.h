// Renders the results of an exploration for a terminal, and the scenario files that reproduce them.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/explore/explore.h"
#include "simulator/scenario/scenario.h"

namespace replsim {

// The exploration as a whole, and how to repeat it.
struct ExploreHeading {
  std::string scenario;  // name of the scenario
  std::string again;     // "replsim explore FILE --set …", without seeds
  std::string folder;    // folder of the shrunk scenarios: OUT/<name>/explore
  uint64_t first_seed = 1;
  uint64_t seeds = 0;
  DrawOptions draw{};
  std::string question{};  // of the scenario; may be empty
};

// The shrunk scenario as a file. Its name and question state its origin, and it expects what
// AddExpectations (shrunk_file.h) says.
struct ShrunkFile {
  std::string path;
  std::string yaml;
};
// The finding must be shrunk. `only`: the exploration has a single variant, so the file name omits
// it.
ShrunkFile FileOf(const ExploreHeading& heading, const Exploration& exploration,
                  const Finding& finding, bool only);

// Returns the command that repeats the whole exploration.
std::string WholeCommand(const ExploreHeading& heading);
// Returns the command that runs only the first seed of the finding.
std::string RepeatCommand(const ExploreHeading& heading, const Finding& finding);
// Returns the command that runs the file of FileOf.
std::string ShrunkRunCommand(const ExploreHeading& heading, const Exploration& exploration,
                             const Finding& finding, bool only);

// Shows a table of outcomes. For the first of each kind that is not as promised it then shows the
// shrunk scenario and the commands that repeat it, and for a failure also what was drawn.
// `variants` are the explored ones, in order.
std::string ExploreText(const ExploreHeading& heading, const std::vector<Variant>& variants,
                        const std::vector<Exploration>& explorations);

// Returns 0 if no seed failed, 1 if one did, 70 if trials could not be run.
int ExploreStatus(const std::vector<Exploration>& explorations);

}  // namespace replsim
