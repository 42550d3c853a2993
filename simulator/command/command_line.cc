#include "simulator/command/command_line.h"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "common/base/version.h"
#include "simulator/command/common_options.h"
#include "simulator/command/completion.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/help_format.h"
#include "simulator/command/man_page.h"
#include "simulator/command/subcommands.h"

namespace replsim {
namespace {

// Subcommands in the order of --help. The last two describe the ones before them.
constexpr void (*kSubcommands[])(CLI::App* app, int* status) = {
    AddRunCommand,       AddLintCommand,      AddExploreCommand,   AddChooseCommand,
    AddCompareCommand,   AddReportCommand,    AddExplainCommand,   AddPlayCommand,
    AddTourCommand,      AddUpCommand,        AddCtlCommand,       AddPutCommand,
    AddGetCommand,       AddStatusCommand,    AddWatchCommand,     AddCheckCommand,
    AddExportCommand,    AddCalibrateCommand, AddValidateCommand,  AddViewCommand,
    AddPlayTrialCommand, AddCleanCommand,     AddScenariosCommand, AddSystemsCommand,
    AddPresetsCommand,   AddFaultsCommand,    AddSchemaCommand,    AddCompletionCommand,
    AddManualCommand};

// CLI11 reports only that a subcommand is required.
absl::Status CheckSubcommand(const CLI::App& app, const std::string& word) {
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == word) return absl::OkStatus();
    if (!command->get_group().empty()) known.push_back(command->get_name());
  }
  const std::string near = DidYouMean(word, known);
  return absl::InvalidArgumentError(
      absl::StrCat("'", word, "' is not a command", near.empty() ? Suggest(word, known) : near));
}

// Reports the first argument that no command accepts: "unknown option '--sed'; did you mean
// '--seed'?". CLI11 would list all of them, the last one first.
std::string UnknownText(const CLI::App* app, const CLI::App* command) {
  const std::vector<std::string> unknown = app->remaining(true);
  if (unknown.empty()) return "unexpected argument";
  const std::string& first = unknown.front();
  if (first.empty() || first[0] != '-') return absl::StrCat("unexpected argument '", first, "'");
  std::vector<std::string> known;
  for (const CLI::Option* option : command->get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  const std::string word = first.substr(0, first.find('='));
  return absl::StrCat("unknown option '", word, "'", DidYouMean(word, known));
}

// "replsim run: scenario is required".
std::string UsageText(const CLI::App* app, const CLI::Error& error) {
  std::string name = app->get_name();
  const CLI::App* last = app;
  for (const CLI::App* command : app->get_subcommands()) {
    absl::StrAppend(&name, " ", command->get_name());
    last = command;
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return absl::StrCat(name, ": ", UnknownText(app, last), "\n", name,
                        " --help lists the options\n");
  }
  return absl::StrCat(name, ": ", error.what(), "\n", name, " --help lists the options\n");
}

int Dispatch(int argc, char** argv) {
  CLI::App app(
      "Simulates primary-replica replication, injects faults and measures: which writes does a "
      "replication mode lose, and how far do its replicas lag?",
      "replsim");
  app.formatter(std::make_shared<HelpFormat>());
  app.set_version_flag("--version", absl::StrCat("replsim ", Version()));
  app.failure_message(UsageText);
  app.require_subcommand(1);
  AddExamples(
      &app,
      {"replsim run scenarios/quickstart.yaml", "replsim run --help", "replsim schema replication"},
      "Exit status: 0 every expectation held and no invariant was violated, 1 one did\n"
      "not hold or was violated, 2 one could not be judged, 64 bad usage or scenario,\n"
      "70 replsim itself failed, 130 interrupted. Without a command, replsim prints\n"
      "this help and exits with 0.");
  int status = kExitHeld;
  for (const auto add : kSubcommands) add(&app, &status);
  if (argc < 2) {
    std::fputs(app.help().c_str(), stdout);
    return kExitHeld;
  }
  if (argv[1][0] != '-') {
    const absl::Status known = CheckSubcommand(app, argv[1]);
    if (!known.ok()) return UsageError(known);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitHeld : kExitUsage;
  }
  return status;
}

// A full disk must not look like success. A reader that has seen enough (head) is no error.
bool WroteOutput() {
  const bool flushed = std::fflush(stdout) == 0;
  if (flushed && std::ferror(stdout) == 0) return true;
  if (errno == EPIPE) return true;
  std::fprintf(stderr, "replsim: cannot write to the standard output: %s\n",
               flushed ? "an earlier write failed" : std::strerror(errno));
  return false;
}

}  // namespace

int CommandLine(int argc, char** argv) {
  const int status = Dispatch(argc, argv);
  return WroteOutput() ? status : static_cast<int>(kExitFailed);
}

}  // namespace replsim
