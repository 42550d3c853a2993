// Operations whose client asked again, and that the final log holds more than once.
#pragma once

#include <cstdint>
#include <string>

#include "simulator/analysis/evidence/final_log.h"

namespace replsim {

struct AppliedTwice {
  uint64_t operations = 0;  // by several requests, each of which took effect
  std::string first;        // the first of them, for people
  // The same request, logged again: that must not be. Nodes skip what they know to have applied.
  uint64_t logged_again = 0;
};
AppliedTwice FindAppliedTwice(const FinalLog& log);

}  // namespace replsim
