// The page of `replsim play`: settings as controls, the time line of faults, the animated cluster,
// and the results beside those of the setting before. It computes nothing: each change is sent to
// the server, which runs it in virtual time.
#pragma once

#include <string>
#include <vector>

namespace replsim {

struct PlayStart {
  std::string yaml;               // the scenario to begin with
  std::string source;             // its file, or "built in"
  std::vector<std::string> sets;  // PATH=VALUE: the first value of everything that varies in it
};

std::string PlayPage(const PlayStart& start);

}  // namespace replsim
