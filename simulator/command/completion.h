// `replsim completion bash|zsh|fish`: a script with which a shell completes replsim's subcommands,
// options and values. Generated from the options that the program really has.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace replsim {

std::string BashCompletion(const CLI::App& app);
std::string ZshCompletion(const CLI::App& app);
std::string FishCompletion(const CLI::App& app);

// Adds the subcommand. Call it last: it completes what has been added before. Both pointers outlive
// the parsing of the command line.
void AddCompletionCommand(CLI::App* app, int* status);

}  // namespace replsim
