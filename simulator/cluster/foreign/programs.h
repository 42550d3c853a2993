// Finds the programs of a real system on this machine. Blocking.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

// Returns the path of an executable file `name` in the folders of PATH, in /usr/sbin or in /sbin.
// Empty if there is none.
std::string FindProgram(absl::string_view name);

// Runs a program to its end without a shell, and returns its stdout. An error has the last line of
// its stderr.
absl::StatusOr<std::string> OutputOf(const std::string& program,
                                     const std::vector<std::string>& args);

// A command of setpriv that runs `program` and ends it when the simulator dies. The server keeps
// the process id of this command.
std::vector<std::string> WithParentDeathSignal(const std::string& program,
                                               const std::vector<std::string>& args);

}  // namespace replsim
