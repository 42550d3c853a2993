#include "simulator/command/help_format.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/base/terminal_text.h"
#include "simulator/scenario/text_table.h"

namespace replsim {
namespace {

constexpr size_t kHelpWidth = 80;
constexpr size_t kDescriptionColumn = 26;

std::string TwoColumns(const std::string& left, const std::string& description) {
  std::string text = absl::StrCat("  ", left);
  size_t column = TerminalColumns(text);
  for (const std::string& line : WrapWords(description, kHelpWidth - kDescriptionColumn)) {
    if (column + 2 > kDescriptionColumn) {
      text += '\n';
      column = 0;
    }
    absl::StrAppend(&text, std::string(kDescriptionColumn - column, ' '), line);
    column = kHelpWidth;
  }
  return text + "\n";
}

}  // namespace

std::string HelpFormat::make_description(const CLI::App* command) const {
  return absl::StrCat(absl::StrJoin(WrapWords(command->get_description(), kHelpWidth), "\n"),
                      "\n\n");
}

std::string HelpFormat::make_option(const CLI::Option* option, bool positional) const {
  return TwoColumns(make_option_name(option, positional) + make_option_opts(option),
                    make_option_desc(option));
}

std::string HelpFormat::make_subcommand(const CLI::App* command) const {
  return TwoColumns(command->get_name(), command->get_description());
}

// CLI11 writes "TEXT:{live,virtual}": the type, then the set of valid values.
std::string HelpFormat::make_option_opts(const CLI::Option* option) const {
  if (option->get_positional() || option->get_items_expected_max() == 0) return "";
  const std::string type = option->get_type_name();
  const size_t choices = type.find(":{");
  return absl::StrCat(" ", choices == std::string::npos ? type.substr(0, type.find(':'))
                                                        : type.substr(choices + 1));
}

std::string HelpFormat::make_option_desc(const CLI::Option* option) const {
  const std::string value = option->get_default_str();
  return absl::StrCat(option->get_description(),
                      value.empty() ? "" : absl::StrCat(" (default: ", value, ")"));
}

}  // namespace replsim
