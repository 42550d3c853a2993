// The page of `replsim check --html`: the verdicts on histories, in one file that needs no network
// and no scripts. Of each history what was read and assumed, the strongest guarantee that held, and
// of each violation its witness, drawn.
#pragma once

#include <string>
#include <vector>

#include "simulator/analysis/reads/witness_picture.h"

namespace replsim {

struct CheckPageVerdict {
  enum class Holds { kYes, kNo, kUnknown };
  std::string guarantee;  // "linearizable"
  Holds holds = Holds::kYes;
  std::string reason;  // with the rate; why nothing can be said; empty if it holds
  WitnessPicture picture;
};

struct CheckPageHistory {
  std::string name;      // of the file
  std::string contents;  // "register, initially nil · 82 operations, 5 clients"
  std::string error;     // why it cannot be read; empty: it was
  std::vector<std::string> assumptions;
  std::vector<CheckPageVerdict> verdicts;  // strongest first
};

std::string CheckPage(const std::vector<CheckPageHistory>& histories);

}  // namespace replsim
