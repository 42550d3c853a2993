// Contents of the files that are embedded in the page. simulator/CMakeLists.txt compiles them into
// the program.
#pragma once

namespace replsim {

extern const char kPlayHtml[];
extern const char kPlayCss[];
extern const char kPlayControlsJs[];
extern const char kPlayFaultsJs[];
extern const char kPlayResultsJs[];
extern const char kPlayJs[];
extern const char kPlayScenario[];  // to begin with, if the user names none

}  // namespace replsim
