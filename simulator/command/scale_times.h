// The option --scale-times, which sets replication.scale_times.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace replsim {

// Adds the value to `sets` like any other --set. `sets` outlives the application.
void AddScaleTimes(CLI::App* app, std::vector<std::string>* sets);

}  // namespace replsim
