#include "simulator/command/completion.h"

#include <cstdio>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "simulator/command/command_tree.h"
#include "simulator/command/common_options.h"
#include "simulator/command/exit_status.h"

namespace replsim {
namespace {

std::vector<std::string> NamesOf(const std::vector<OptionFacts>& options) {
  std::vector<std::string> names;
  for (const OptionFacts& option : options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

std::vector<std::string> NamesOf(const std::vector<CommandFacts>& commands) {
  std::vector<std::string> names;
  for (const CommandFacts& command : commands) names.push_back(command.name);
  return names;
}

// Escapes text for '…' in bash, zsh and fish: a quote closes the string, is escaped, and opens the
// next string.
std::string InQuotes(absl::string_view text) { return absl::StrReplaceAll(text, {{"'", "'\\''"}}); }

// A number, a port or a factor is not completed; any other text may be a path.
bool MayBePath(const OptionFacts& option) {
  return option.choices.empty() && option.value == "TEXT";
}

std::string BashCase(absl::string_view pattern, const std::vector<std::string>& words) {
  return absl::StrCat("    ", pattern, ") COMPREPLY=($(compgen -W '",
                      InQuotes(absl::StrJoin(words, " ")), "' -- \"$word\")) ;;\n");
}

// One specification of zsh's _arguments.
std::string ZshOption(const OptionFacts& option) {
  const std::string described = InQuotes(absl::StrReplaceAll(
      option.description, {{"\\", "\\\\"}, {"[", "\\["}, {"]", "\\]"}, {"\n", " "}}));
  std::string value;
  if (!option.choices.empty()) {
    value = absl::StrCat(":", option.value, ":(", absl::StrJoin(option.choices, " "), ")");
  } else if (MayBePath(option)) {
    value = absl::StrCat(":", option.value, ":_files");
  } else if (!option.value.empty()) {
    // "[PORT]" is a value that may be absent, written with two colons.
    const bool optional = option.value.front() == '[';
    value = absl::StrCat(optional ? "::" : ":",
                         absl::StrReplaceAll(option.value, {{"[", ""}, {"]", ""}}), ": ");
  }
  std::string specs;
  for (const std::string& name : option.names) {
    absl::StrAppend(&specs, " \\\n            '*", name, "[", described, "]", value, "'");
  }
  return specs;
}

std::string ZshArguments(const CommandFacts& command) {
  for (const OptionFacts& argument : command.arguments) {
    if (argument.choices.empty()) continue;
    return absl::StrCat(" \\\n            '1:", argument.names.front(), ":(",
                        absl::StrJoin(argument.choices, " "), ")'");
  }
  return command.arguments.empty() ? "" : " \\\n            '*:path:_files'";
}

std::string FishOption(absl::string_view condition, const OptionFacts& option) {
  std::string line = absl::StrCat("complete -c replsim -n '", condition, "'");
  for (const std::string& name : option.names) {
    const bool is_long = name.size() > 2;
    absl::StrAppend(&line, is_long ? " -l " : " -s ", name.substr(is_long ? 2 : 1));
  }
  if (!option.choices.empty()) {
    absl::StrAppend(&line, " -x -a '", absl::StrJoin(option.choices, " "), "'");
  } else if (!option.value.empty() && option.value.front() != '[') {
    line += MayBePath(option) ? " -r" : " -x";
  }
  return absl::StrCat(line, " -d '", InQuotes(option.description), "'\n");
}

}  // namespace

std::string BashCompletion(const CLI::App& app) {
  const std::vector<CommandFacts> commands = DescribeSubcommands(app);
  std::string values, options, arguments;
  for (const CommandFacts& command : commands) {
    options += BashCase(command.name, NamesOf(command.options));
    for (const OptionFacts& option : command.options) {
      for (const std::string& name : option.names) {
        if (option.choices.empty()) continue;
        values += BashCase(absl::StrCat("'", command.name, " ", name, "'"), option.choices);
      }
    }
    for (const OptionFacts& argument : command.arguments) {
      if (!argument.choices.empty()) arguments += BashCase(command.name, argument.choices);
    }
  }
  std::vector<std::string> first = NamesOf(commands);
  for (const std::string& name : NamesOf(DescribeCommand(app).options)) first.push_back(name);
  return absl::StrCat(
      "# bash completion for replsim, made by: replsim completion bash\n"
      "# Where nothing below matches, bash completes file names (-o default).\n"
      "_replsim() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
      "  # bash splits --option=value into three words.\n"
      "  [[ $word != = ]] || word=\n"
      "  [[ $previous != = ]] || previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
      "  COMPREPLY=()\n"
      "  if ((COMP_CWORD == 1)); then\n"
      "    COMPREPLY=($(compgen -W '",
      InQuotes(absl::StrJoin(first, " ")),
      "' -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  case \"${COMP_WORDS[1]} $previous\" in\n",
      values,
      "  esac\n"
      "  ((${#COMPREPLY[@]} == 0)) || return 0\n"
      "  if [[ $word == -* ]]; then\n"
      "    case ${COMP_WORDS[1]} in\n",
      options,
      "    esac\n"
      "    return 0\n"
      "  fi\n"
      "  case ${COMP_WORDS[1]} in\n",
      arguments,
      "  esac\n"
      "}\n"
      "complete -o default -F _replsim replsim\n");
}

std::string ZshCompletion(const CLI::App& app) {
  std::string described, cases;
  for (const CommandFacts& command : DescribeSubcommands(app)) {
    absl::StrAppend(&described, "    '", command.name, ":", InQuotes(command.description), "'\n");
    absl::StrAppend(&cases, "        ", command.name, ")\n          _arguments");
    for (const OptionFacts& option : command.options) cases += ZshOption(option);
    absl::StrAppend(&cases, ZshArguments(command), "\n          ;;\n");
  }
  std::string own;
  for (const OptionFacts& option : DescribeCommand(app).options) own += ZshOption(option);
  return absl::StrCat(
      "#compdef replsim\n"
      "# zsh completion for replsim, made by: replsim completion zsh\n"
      "_replsim() {\n"
      "  local curcontext=$curcontext state line\n"
      "  typeset -A opt_args\n"
      "  local -a commands=(\n",
      described,
      "  )\n"
      "  _arguments -C",
      own,
      " \\\n            '1:command:->command' '*::argument:->argument'\n"
      "  case $state in\n"
      "    command) _describe -t commands command commands ;;\n"
      "    argument)\n"
      "      case $words[1] in\n",
      cases,
      "      esac\n"
      "      ;;\n"
      "  esac\n"
      "}\n"
      "# Loaded from fpath, the file is the function's body; otherwise it has been sourced.\n"
      "if [[ $funcstack[1] == _replsim ]]; then _replsim \"$@\"; else compdef _replsim replsim; "
      "fi\n");
}

std::string FishCompletion(const CLI::App& app) {
  std::string script = "# fish completion for replsim, made by: replsim completion fish\n";
  for (const OptionFacts& option : DescribeCommand(app).options) {
    script += FishOption("__fish_use_subcommand", option);
  }
  for (const CommandFacts& command : DescribeSubcommands(app)) {
    absl::StrAppend(&script, "complete -c replsim -n __fish_use_subcommand -f -a ", command.name,
                    " -d '", InQuotes(command.description), "'\n");
    const std::string condition = absl::StrCat("__fish_seen_subcommand_from ", command.name);
    for (const OptionFacts& option : command.options) script += FishOption(condition, option);
    for (const OptionFacts& argument : command.arguments) {
      if (argument.choices.empty()) continue;
      absl::StrAppend(&script, "complete -c replsim -n '", condition, "' -f -a '",
                      absl::StrJoin(argument.choices, " "), "'\n");
    }
  }
  return script;
}

void AddCompletionCommand(CLI::App* app, int* status) {
  CLI::App* command = app->add_subcommand("completion", "Print the completion script of a shell");
  command->add_option("shell", "bash, zsh or fish")
      ->required()
      ->type_name("TEXT")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  AddExamples(command, {"replsim completion fish | source", "source <(replsim completion bash)"});
  command->callback([app, command, status] {
    const std::string shell = command->get_option("shell")->as<std::string>();
    const std::string script = shell == "bash"  ? BashCompletion(*app)
                               : shell == "zsh" ? ZshCompletion(*app)
                                                : FishCompletion(*app);
    std::fputs(script.c_str(), stdout);
    *status = kExitHeld;
  });
}

}  // namespace replsim
