// lessons.txt, which simulator/CMakeLists.txt compiles into the program.
#pragma once

namespace replsim {

extern const char kTourLessons[];

}  // namespace replsim
