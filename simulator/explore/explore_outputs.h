// Renders the results of an exploration for programs: JSON and JUnit XML. Pure.
#pragma once

#include <string>
#include <vector>

#include "common/base/json.h"
#include "simulator/explore/explore_report.h"

namespace replsim {

// Contains the scenario, the command, and the outcomes of each variant: kind, whether it is a
// failure, number of seeds, first seed, detail, the command that repeats it, and the file of the
// shrunk scenario.
Json ExploreJson(const ExploreHeading& heading, const std::vector<Exploration>& explorations);

// One suite per variant, with one case per kind of failure, or the case "no seed failed". Trials
// that could not be run are errors.
std::string ExploreJUnit(const ExploreHeading& heading,
                         const std::vector<Exploration>& explorations);

}  // namespace replsim
