// The scenario of one cell of the outcome matrix, for whatever runs it.
#pragma once

#include <string>
#include <vector>

#include "simulator/scenario/scenario.h"
#include "tests/virtual/matrix_cases.h"

namespace replsim {

// `more` is set on top of the case, as behind --set. A test failure, and an empty variant, where
// the case does not load.
Variant LoadCell(const MatrixCase& one, const std::string& preset,
                 const std::vector<std::string>& more = {});

}  // namespace replsim
