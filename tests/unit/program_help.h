// The subcommands and options that `replsim --help` lists, for tests of texts that must name them
// all.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "tests/live/command.h"

namespace replsim {

inline std::string ProgramOutput(const std::string& arguments) {
  return RunCommand(REPLSIM_BIN "/replsim " + arguments).output;
}

// Returns the first word of each line "  NAME    description", under any heading.
inline std::vector<std::string> SubcommandsInHelp() {
  std::vector<std::string> commands;
  std::istringstream lines(ProgramOutput("--help"));
  for (std::string line; std::getline(lines, line);) {
    const size_t end = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", 2);
    const bool is_name = line.compare(0, 2, "  ") == 0 && end != std::string::npos && end > 2 &&
                         line[2] != '-' && line.compare(end, 2, "  ") == 0;
    if (is_name) commands.push_back(line.substr(2, end - 2));
  }
  return commands;
}

// Returns the long options of a subcommand; "" is the program itself.
inline std::vector<std::string> OptionsInHelp(const std::string& command) {
  std::vector<std::string> options;
  std::istringstream lines(ProgramOutput(command + " --help"));
  for (std::string line; std::getline(lines, line);) {
    const size_t begin = line.find("--");
    const size_t first = line.find_first_not_of(' ');
    if (begin == std::string::npos || first != 2 || line[first] != '-') continue;
    const size_t end = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", begin);
    options.push_back(line.substr(begin, end == std::string::npos ? end : end - begin));
  }
  return options;
}

}  // namespace replsim
