// Operations that were retried and that the final log holds more than once.
#pragma once

#include <cstdint>
#include <string>

#include "simulator/analysis/evidence/final_log.h"

namespace replsim {

struct AppliedTwice {
  uint64_t operations = 0;  // operations of which several attempts took effect
  std::string first;        // text about the first such operation
  // Entries that repeat the same attempt of a request. Nodes must skip these, so the count must be
  // 0.
  uint64_t logged_again = 0;
};
AppliedTwice FindAppliedTwice(const FinalLog& log);

}  // namespace replsim
