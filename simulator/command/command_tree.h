// The subcommands and options of a command line as plain data, read from the parser itself. The
// shell completions and the manual page are made of it, so they cannot differ from --help.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace replsim {

// An option ("--seed UINT") or a positional argument ("scenario").
struct OptionFacts {
  std::vector<std::string> names;    // "-q", "--quiet"; of a positional argument only its name
  std::string value;                 // what the value is: "TEXT", "UINT", …; empty: a flag
  std::vector<std::string> choices;  // all permitted values, where they are a fixed set
  std::string description;
  std::string default_value;  // empty: none, or not shown
  bool required = false;
};

struct CommandFacts {
  std::string name;
  std::string description;
  std::string footer;
  std::vector<OptionFacts> options;    // without the positional arguments
  std::vector<OptionFacts> arguments;  // positional, in order
};

// The program itself: its own options, and no arguments.
CommandFacts DescribeCommand(const CLI::App& app);
// The subcommands that --help lists, in the same order.
std::vector<CommandFacts> DescribeSubcommands(const CLI::App& app);

}  // namespace replsim
