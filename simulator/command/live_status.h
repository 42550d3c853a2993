// The head of the live page: the current run, its progress and the state of each node, in the
// terminal's words. The HTML has no line breaks, because it is sent as one server-sent event. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/time.h"
#include "simulator/run/run.h"

namespace replsim {

// The place of one run among the runs of a command.
struct RunPlace {
  std::string variant;
  size_t number = 1;  // number of the variant, from 1
  size_t count = 1;   // number of variants
  // Repetition of this variant, and how many there are.
  uint32_t repeat = 1;
  uint32_t repeats = 1;
  Nanos duration{0};  // of the load; 0: until it is stopped
};

std::string RunningHtml(const RunPlace& place, const RunSnapshot& glance);
// One line per node: "p   up    primary   1:1,234".
std::string StatusText(const RunSnapshot& glance);
// The text after the last run.
std::string FinishedHtml(const RunPlace& last);

}  // namespace replsim
