// Reads a descriptor to its end.
#pragma once

#include <string>

namespace replsim {

std::string ReadAll(int fd);

}  // namespace replsim
