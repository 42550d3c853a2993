#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/command/common_options.h"
#include "simulator/command/lint_command.h"
#include "simulator/command/program_folder.h"
#include "simulator/command/run_command.h"
#include "simulator/command/scale_times.h"
#include "simulator/command/subcommands.h"

namespace replsim {
namespace {

void AddRunOutputs(CLI::App* run, CommandOptions* options) {
  run->add_option("--out", options->out, "Folder for recordings")
      ->type_name("FOLDER")
      ->capture_default_str();
  AddReportOutputs(run, &options->outputs);
  run->add_flag("-q,--quiet", options->quiet, "No progress display");
}

void AddRuntime(CLI::App* run, CommandOptions* options) {
  run->add_option("--runtime", options->runtime,
                  "live: real processes; virtual: the same protocol code in virtual time")
      ->check(CLI::IsMember({"live", "virtual"}))
      ->capture_default_str();
  run->add_option("--machine", options->machine,
                  "With --runtime virtual: a machine model that replsim calibrate wrote")
      ->type_name("FILE");
}

// --serve takes a port or nothing, so it is read as a list of at most one value.
CLI::Option* AddServe(CLI::App* run, std::vector<std::string>* port) {
  return run
      ->add_option("--serve", *port,
                   absl::StrCat("Show the live run in a browser, at this port of 127.0.0.1 "
                                "(default: ",
                                kServePort, "; 0: any free port)"))
      ->type_name("[PORT]")
      ->expected(0, 1);
}

}  // namespace

void AddRunCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<CommandOptions>();
  const auto port = std::make_shared<std::vector<std::string>>();
  options->program_dir = ProgramFolder();
  CLI::App* run = app->add_subcommand("run", "Run a scenario and judge it");
  AddScenarioFile(run, &options->scenario_path);
  AddRuntime(run, options.get());
  AddOverrides(run, &options->sets, &options->varies);
  AddScaleTimes(run, &options->sets);
  run->add_option("--seed", options->seed, "Seed of every random draw (default: the scenario's)")
      ->check(kWholeNumber);
  run->add_option("--repeat", options->repeat,
                  "Run each variant N times, with consecutive seeds; the report has medians and "
                  "shows which differences exceed the noise")
      ->type_name("N")
      ->check(CLI::Range(1, 10000));
  AddRunOutputs(run, options.get());
  CLI::Option* serve = AddServe(run, port.get());
  run->add_flag("--interactive", options->interactive,
                "With --serve: one button per fault of the scenario");
  AddExamples(run, {"replsim run scenarios/quickstart.yaml",
                    "replsim run scenarios/partition.yaml --runtime virtual --set duration=30s",
                    "replsim run my.yaml --vary replication.preset=async,postgres:on --repeat 5"});
  run->callback([options, port, serve, status] {
    if (*serve) options->serve = port->empty() ? "" : port->front();
    *status = RunScenario(*options);
  });
}

void AddLintCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<LintOptions>();
  CLI::App* lint = app->add_subcommand("lint", "Check scenario files without running them");
  lint->add_option("scenarios", options->paths, "The scenario files; - for stdin")
      ->type_name("FILE")
      ->required();
  AddOverrides(lint, &options->sets, &options->varies);
  AddExamples(lint, {"replsim lint my.yaml", "replsim lint my.yaml --vary cluster.replicas=2,4"},
              "Exit status: 0 every file can be run, 64 one has mistakes.");
  lint->callback([options, status] { *status = Lint(*options); });
}

}  // namespace replsim
