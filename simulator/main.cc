// replsim: the program people type.
#include "simulator/command/command_line.h"

int main(int argc, char** argv) { return replsim::CommandLine(argc, argv); }
