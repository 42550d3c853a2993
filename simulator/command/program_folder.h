// Where this program is installed.
#pragma once

#include <string>

namespace replsim {

// The folder that holds the running program, symbolic links resolved; the node programs lie there
// too. "." where the kernel does not tell.
std::string ProgramFolder();

}  // namespace replsim
