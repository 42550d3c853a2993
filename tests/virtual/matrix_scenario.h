// Builds the scenario of one cell of the outcome matrix.
#pragma once

#include <string>
#include <vector>

#include "simulator/scenario/scenario.h"
#include "tests/virtual/matrix_cases.h"

namespace replsim {

// `more` overrides the case, as behind --set. If the case does not load, adds a test failure and
// returns an empty variant.
Variant LoadCell(const MatrixCase& one, const std::string& preset,
                 const std::vector<std::string>& more = {});

}  // namespace replsim
