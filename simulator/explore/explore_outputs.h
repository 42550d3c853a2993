// Renders the results of an exploration for programs: JSON and JUnit XML. Pure.
#pragma once

#include <string>
#include <vector>

#include "common/base/json.h"
#include "simulator/explore/explore_report.h"

namespace replsim {

// Contains the scenario, the command, and the outcomes of each variant: kind, whether it is a
// failure, number of seeds, first seed, the seed that is shown, its
// detail and the command that repeats it; if it was shrunk,
// also the file, the command that runs it, and the smallest schedule (`smallest`).
Json ExploreJson(const ExploreHeading& heading, const std::vector<Exploration>& explorations);

// One suite per variant, with one case per kind of outcome that failed or was shrunk, and without a
// failure the case "no seed failed". Outcomes that are no failures are passed cases, with the
// smallest scenario in their output. Trials that could not be run are errors.
std::string ExploreJUnit(const ExploreHeading& heading,
                         const std::vector<Exploration>& explorations);

}  // namespace replsim
