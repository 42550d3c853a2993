// `replsim tour`: lessons in a terminal, each a scenario that runs in virtual time.
#pragma once

#include <string>

namespace replsim {

struct TourOptions {
  int lesson = 0;        // 0: the contents, or on a terminal all lessons one after the other
  std::string folder;    // of the scenario files; empty: as for `replsim scenarios`
  std::string markdown;  // file for all lessons as Markdown; "-" is stdout; empty: none
};
// Returns the exit status: kExitNotHeld if a claim of a lesson did not hold.
int Tour(const TourOptions& options);

}  // namespace replsim
