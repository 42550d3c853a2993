// The replsim command line: parses the arguments and runs the subcommand. Main thread.
#pragma once

namespace replsim {

// Returns the exit status.
int CommandLine(int argc, char** argv);

}  // namespace replsim
