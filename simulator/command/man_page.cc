#include "simulator/command/man_page.h"

#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "simulator/command/command_tree.h"
#include "simulator/command/common_options.h"
#include "simulator/command/exit_status.h"

namespace replsim {
namespace {

// Escapes text for troff: a hyphen stays a minus sign that can be copied, and no line is a request.
std::string TroffText(absl::string_view text) {
  std::string escaped;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!escaped.empty()) escaped += '\n';
    if (!line.empty() && (line[0] == '.' || line[0] == '\'')) escaped += "\\&";
    escaped += absl::StrReplaceAll(line, {{"\\", "\\e"}, {"-", "\\-"}});
  }
  return escaped;
}

std::string Bold(absl::string_view text) { return absl::StrCat("\\fB", TroffText(text), "\\fR"); }
std::string Italic(absl::string_view text) { return absl::StrCat("\\fI", TroffText(text), "\\fR"); }

// Prints lines as --help shows them.
std::string AsWritten(absl::string_view text) {
  return absl::StrCat(".PP\n.nf\n", TroffText(absl::StripAsciiWhitespace(text)), "\n.fi\n");
}

std::string OptionText(const OptionFacts& option) {
  std::string text = ".TP\n";
  for (const std::string& name : option.names) {
    absl::StrAppend(&text, &name == &option.names.front() ? "" : ", ", Bold(name));
  }
  std::string choices;
  for (const std::string& choice : option.choices) {
    absl::StrAppend(&choices, choices.empty() ? "" : "|", choice);
  }
  const std::string& value = choices.empty() ? option.value : choices;
  if (!value.empty()) absl::StrAppend(&text, " ", Italic(value));
  absl::StrAppend(&text, "\n", TroffText(option.description));
  if (!option.default_value.empty()) {
    absl::StrAppend(&text, " (default: ", TroffText(option.default_value), ")");
  }
  return absl::StrCat(text, "\n");
}

// "run [OPTION ...] SCENARIO".
std::string Usage(const CommandFacts& command) {
  std::string usage = absl::StrCat(Bold(absl::StrCat("replsim ", command.name)));
  if (!command.options.empty()) absl::StrAppend(&usage, " [", Italic("OPTION"), " ...]");
  for (const OptionFacts& argument : command.arguments) {
    const std::string name = Italic(absl::AsciiStrToUpper(argument.names.front()));
    absl::StrAppend(&usage, " ", argument.required ? name : absl::StrCat("[", name, "]"));
  }
  return usage;
}

std::string CommandText(const CommandFacts& command) {
  std::string text =
      absl::StrCat(".SS \"", Usage(command), "\"\n", TroffText(command.description), ".\n");
  for (OptionFacts argument : command.arguments) {
    argument.names.front() = absl::AsciiStrToUpper(argument.names.front());
    if (argument.choices.empty()) argument.value.clear();  // the name describes the value
    text += OptionText(argument);
  }
  for (const OptionFacts& option : command.options) text += OptionText(option);
  if (!command.footer.empty()) text += AsWritten(command.footer);
  return text;
}

}  // namespace

std::string ManPage(const CLI::App& app) {
  const CommandFacts program = DescribeCommand(app);
  std::string page =
      absl::StrCat(".\\\" Made by: replsim manual\n.TH REPLSIM 1 \"\" \"", TroffText(app.version()),
                   "\" \"User Commands\"\n"
                   ".SH NAME\nreplsim \\- simulator of primary\\-replica replication\n"
                   ".SH SYNOPSIS\n",
                   Bold("replsim"), " ", Italic("COMMAND"), " [", Italic("ARGUMENT"), " ...]\n",
                   ".SH DESCRIPTION\n", TroffText(program.description), "\n");
  if (!program.footer.empty()) page += AsWritten(program.footer);
  page += ".SH OPTIONS\n";
  for (const OptionFacts& option : program.options) page += OptionText(option);
  page += ".SH COMMANDS\n";
  for (const CommandFacts& command : DescribeSubcommands(app)) page += CommandText(command);
  return page;
}

void AddManualCommand(CLI::App* app, int* status) {
  CLI::App* command = app->add_subcommand("manual", "Print the manual page");
  AddExamples(command, {"replsim manual | man -l -"});
  command->callback([app, status] {
    std::fputs(ManPage(*app).c_str(), stdout);
    *status = kExitHeld;
  });
}

}  // namespace replsim
