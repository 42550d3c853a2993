// `replsim manual`: the manual page replsim(1), in troff's man macros. Generated from the
// options that the program really has.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace replsim {

std::string ManPage(const CLI::App& app);

// Adds the subcommand. Call it last: it describes what has been added before. Both pointers outlive
// the parsing of the command line.
void AddManualCommand(CLI::App* app, int* status);

}  // namespace replsim
