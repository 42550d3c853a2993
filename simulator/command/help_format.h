// Formats --help: two columns within 80 characters, descriptions wrapped in the second column, and
// defaults as part of the description.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace replsim {

class HelpFormat : public CLI::Formatter {
 public:
  std::string make_description(const CLI::App* command) const override;
  std::string make_option(const CLI::Option* option, bool positional) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
};

}  // namespace replsim
