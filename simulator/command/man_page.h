// `replsim manual`: prints the manual page replsim(1) in troff's man macros. Generated from the
// parser's options.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace replsim {

std::string ManPage(const CLI::App& app);

// Adds the subcommand. Call it after all other subcommands, which it describes. Both pointers
// outlive the parsing of the command line.
void AddManualCommand(CLI::App* app, int* status);

}  // namespace replsim
