// The head of the live page: what runs, how far it is, and the state of each node in the words of
// the terminal. HTML in one line, since it is sent as one server-sent event.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/time.h"
#include "simulator/run/run.h"

namespace replsim {

// One run among those of a command.
struct RunPlace {
  std::string variant;
  size_t number = 1;  // of the variant, from 1
  size_t count = 1;   // of variants
  uint32_t repeat = 1;
  uint32_t repeats = 1;
  Nanos duration{0};  // of the load
};

std::string RunningHtml(const RunPlace& place, const RunGlance& glance);
// After the last run.
std::string FinishedHtml(const RunPlace& last);

}  // namespace replsim
