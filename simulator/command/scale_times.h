// The option --scale-times of commands that run scenarios: replication.scale_times by another name.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace replsim {

// What is given is laid over the scenario like any --set; `sets` outlives the application.
void AddScaleTimes(CLI::App* app, std::vector<std::string>* sets);

}  // namespace replsim
