// The replsim command line: subcommands, their options, and what they call.
#pragma once

namespace replsim {

// Returns the exit status.
int CommandLine(int argc, char** argv);

}  // namespace replsim
