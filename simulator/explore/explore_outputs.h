// What an exploration found, for programs: JSON and JUnit XML.
#pragma once

#include <string>
#include <vector>

#include "common/base/json.h"
#include "simulator/explore/explore_report.h"

namespace replsim {

// The scenario, the command, and of each variant its outcomes: kind, whether it is a failure, how
// many seeds, the first of them, what was seen, how to repeat it, and the file of the shrunk
// scenario.
Json ExploreJson(const ExploreHeading& heading, const std::vector<Exploration>& explorations);

// A suite per variant. A case "no seed failed", or one per kind of failure. Runs that could not be
// done are errors.
std::string ExploreJUnit(const ExploreHeading& heading,
                         const std::vector<Exploration>& explorations);

}  // namespace replsim
