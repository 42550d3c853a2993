#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "simulator/command/common_options.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/scenarios_command.h"
#include "simulator/command/subcommands.h"
#include "simulator/command/systems_command.h"
#include "simulator/command/validate_command.h"
#include "simulator/scenario/help_text.h"
#include "simulator/scenario/presets_text.h"
#include "simulator/schema/json_schema.h"

namespace replsim {
namespace {

int PrintOrTell(const absl::StatusOr<std::string>& text) {
  if (!text.ok()) return UsageError(text.status());
  std::fputs(text->c_str(), stdout);
  return kExitHeld;
}

}  // namespace

void AddScenariosCommand(CLI::App* app, int* status) {
  const auto folder = std::make_shared<std::string>();
  CLI::App* scenarios = app->add_subcommand(
      "scenarios", "List the scenarios: name, seconds that a live run takes, question");
  scenarios
      ->add_option("--dir", *folder,
                   "The folder to list (default: ./scenarios, else the installed one)")
      ->type_name("FOLDER");
  AddExamples(scenarios, {"replsim scenarios", "replsim scenarios --dir my-scenarios"});
  scenarios->callback([folder, status] { *status = ListScenarios(*folder); });
}

void AddSystemsCommand(CLI::App* app, int* status) {
  CLI::App* systems = app->add_subcommand(
      "systems", "List the real systems that a scenario can run, and which are installed");
  AddExamples(systems, {"replsim systems"});
  systems->callback([status] { *status = ListSystems(); });
}

void AddPresetsCommand(CLI::App* app, int* status) {
  const auto name = std::make_shared<std::string>();
  CLI::App* presets =
      app->add_subcommand("presets", "List the presets, or print every setting of one");
  presets->add_option("preset", *name, "Only this preset")->type_name("NAME");
  AddExamples(presets, {"replsim presets", "replsim presets postgres:on"});
  presets->callback(
      [name, status] { *status = PrintOrTell(name->empty() ? PresetsText() : PresetText(*name)); });
}

void AddFaultsCommand(CLI::App* app, int* status) {
  CLI::App* faults =
      app->add_subcommand("faults", "List the faults and failpoints that a scenario can use");
  AddExamples(faults, {"replsim faults", "replsim faults | grep replica.flush"});
  faults->callback([status] { *status = PrintOrTell(FaultsText()); });
}

void AddSchemaCommand(CLI::App* app, int* status) {
  const auto path = std::make_shared<std::string>();
  CLI::App* schema = app->add_subcommand("schema", "Describe every key of a scenario file");
  const auto json = std::make_shared<bool>(false);
  schema->add_option("path", *path, "Only this part, key or value");
  schema->add_flag("--json", *json,
                   "Print the JSON Schema of scenario files, or of report.json with `report`");
  AddExamples(schema, {"replsim schema", "replsim schema replication.sync_set",
                       "replsim schema faults.kill", "replsim schema --json"});
  schema->callback([path, json, status] {
    *status = PrintOrTell(*json ? JsonSchemaText(*path) : SchemaText(*path));
  });
}

void AddValidateCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<ValidateOptions>();
  CLI::App* validate = app->add_subcommand("validate", "Check our numbers against published ones");
  validate
      ->add_option("--trials", options->trials,
                   "Trials per model and quorum; fewer than the default are less exact")
      ->type_name("N")
      ->check(CLI::Range(uint64_t{100'000}, uint64_t{20'000'000}))
      ->capture_default_str();
  validate
      ->add_option("--runtime", options->runtime,
                   "Source of our numbers. model: the model of the paper; virtual: a cluster in "
                   "virtual time")
      ->check(CLI::IsMember({"model", "virtual"}))
      ->capture_default_str();
  validate->add_option("--seed", options->seed, "Seed of every random draw")
      ->check(kWholeNumber)
      ->capture_default_str();
  validate->add_option("--fit", options->fit, "Only this fitted distribution of the paper")
      ->check(CLI::IsMember(FitNames()));
  AddExamples(validate, {"replsim validate", "replsim validate --runtime virtual --fit EXP"},
              "Exit status: 0 every number agrees, 1 one does not.");
  validate->callback([options, status] { *status = Validate(*options); });
}

}  // namespace replsim
