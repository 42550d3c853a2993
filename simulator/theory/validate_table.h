// The text of `replsim validate`: published numbers, ours next to them, and the residual in percent
// of the published one.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "simulator/theory/validation.h"

namespace replsim {

// One line per quorum, then one line per number that does not agree.
std::string TableText(absl::string_view fit, const std::vector<CellResult>& results);
// One line per number; a number that does not agree is marked at the end.
std::string PointsText(const std::vector<PointResult>& results);

}  // namespace replsim
