// Collects what explore.html shows. Runs the smallest scenario of each outcome once more in virtual
// time, in this process, for the picture of its messages.
#pragma once

#include <vector>

#include "simulator/explore/explore_report.h"
#include "simulator/report/page/explore_page.h"

namespace replsim {

ExplorePageInput ExploredPage(const ExploreHeading& heading,
                              const std::vector<Exploration>& explorations);

}  // namespace replsim
