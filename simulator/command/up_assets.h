// up_scenario.yaml, which simulator/CMakeLists.txt compiles into the program.
#pragma once

namespace replsim {

extern const char kUpScenario[];

}  // namespace replsim
