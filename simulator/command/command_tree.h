// The subcommands and options of the command line as plain data, read from the parser. The shell
// completions and the manual page are generated from it, so they cannot differ from --help.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace replsim {

// An option ("--seed UINT") or a positional argument ("scenario").
struct OptionFacts {
  std::vector<std::string> names;    // "-q", "--quiet"; only the name of a positional argument
  std::string value;                 // type of the value: "TEXT", "UINT", …; empty: a flag
  std::vector<std::string> choices;  // all permitted values, if they are a fixed set
  std::string description;
  std::string default_value;  // empty: there is none, or it is not shown
  bool required = false;
};

struct CommandFacts {
  std::string name;
  std::string description;
  std::string footer;
  std::vector<OptionFacts> options;    // without the positional arguments
  std::vector<OptionFacts> arguments;  // positional, in order
};

// Describes the program itself: its own options, without arguments.
CommandFacts DescribeCommand(const CLI::App& app);
// Describes the subcommands that --help lists, in the same order.
std::vector<CommandFacts> DescribeSubcommands(const CLI::App& app);

}  // namespace replsim
