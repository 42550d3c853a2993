#include "simulator/command/command_tree.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace replsim {
namespace {

// CLI11 writes "TEXT:{live,virtual}": the type, then the set of valid values.
std::vector<std::string> ChoicesIn(absl::string_view type) {
  const size_t open = type.find(":{");
  const size_t close = type.rfind('}');
  if (open == absl::string_view::npos || close == absl::string_view::npos) return {};
  return absl::StrSplit(type.substr(open + 2, close - open - 2), ',');
}

OptionFacts FactsOf(const CLI::Option& option) {
  OptionFacts facts;
  for (const std::string& name : option.get_snames()) {
    facts.names.push_back(absl::StrCat("-", name));
  }
  for (const std::string& name : option.get_lnames()) {
    facts.names.push_back(absl::StrCat("--", name));
  }
  if (option.get_positional()) facts.names = {option.get_name(true)};
  if (option.get_items_expected_max() > 0) {
    const std::string type = option.get_type_name();
    facts.value = type.substr(0, type.find(':'));
    facts.choices = ChoicesIn(type);
  }
  facts.description = option.get_description();
  facts.default_value = option.get_default_str();
  facts.required = option.get_required();
  return facts;
}

}  // namespace

CommandFacts DescribeCommand(const CLI::App& app) {
  CommandFacts facts{app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    (option->get_positional() ? facts.arguments : facts.options).push_back(FactsOf(*option));
  }
  return facts;
}

std::vector<CommandFacts> DescribeSubcommands(const CLI::App& app) {
  std::vector<CommandFacts> commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) commands.push_back(DescribeCommand(*command));
  }
  return commands;
}

}  // namespace replsim
