// `replsim completion bash|zsh|fish`: prints a script with which a shell completes replsim's
// subcommands, options and values. Generated from the parser's options.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace replsim {

std::string BashCompletion(const CLI::App& app);
std::string ZshCompletion(const CLI::App& app);
std::string FishCompletion(const CLI::App& app);

// Adds the subcommand. Call it after all other subcommands, which it completes. Both pointers
// outlive the parsing of the command line.
void AddCompletionCommand(CLI::App* app, int* status);

}  // namespace replsim
