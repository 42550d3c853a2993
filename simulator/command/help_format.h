// How --help looks: two columns within 80, long descriptions wrapped in the second one, and the
// default of an option in its description.
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
