// The page of `replsim check --html`: the verdicts on histories, in one file that needs no network
// and no scripts. For each history it shows what was read and assumed, the strongest guarantee that
// held, and a drawing of the witness of each violation.
#pragma once

#include <string>
#include <vector>

#include "simulator/analysis/reads/witness_picture.h"

namespace replsim {

struct CheckPageVerdict {
  enum class Holds { kYes, kNo, kUnknown };
  std::string guarantee;  // "linearizable"
  Holds holds = Holds::kYes;
  std::string reason;  // the violation with its rate, or why unknown; empty if it holds
  WitnessPicture picture;
};

struct CheckPageHistory {
  std::string name;      // file name
  std::string contents;  // "register, initially nil · 82 operations, 5 clients"
  std::string error;     // why it could not be read; empty: no error
  std::vector<std::string> assumptions;
  std::vector<CheckPageVerdict> verdicts;  // strongest first
};

std::string CheckPage(const std::vector<CheckPageHistory>& histories);

}  // namespace replsim
