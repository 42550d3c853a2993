// Locates the installation of this program.
#pragma once

#include <string>

namespace replsim {

// Returns the folder of the running program, with symbolic links resolved. The node programs are in
// the same folder. "." if the kernel does not report the path.
std::string ProgramFolder();

}  // namespace replsim
