#include <memory>
#include <string>
#include <vector>

#include "simulator/command/common_options.h"
#include "simulator/command/program_folder.h"
#include "simulator/command/subcommands.h"
#include "simulator/command/up_command.h"

namespace replsim {
namespace {

void AddUpPlace(CLI::App* command, UpPlace* place) {
  command->add_option("--run", place->folder, "The run folder of the cluster (default: the newest)")
      ->type_name("FOLDER");
  command->add_option("--out", place->out, "Folder below which the newest cluster is looked for")
      ->type_name("FOLDER")
      ->capture_default_str();
}

}  // namespace

void AddUpCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<CommandOptions>();
  const auto port = std::make_shared<std::string>(std::to_string(kServePort));
  const auto no_load = std::make_shared<bool>(false);
  options->program_dir = ProgramFolder();
  CLI::App* up = app->add_subcommand("up", "Start a cluster that stays until Ctrl-C");
  up->add_option("scenario", options->scenario_path,
                 "The scenario file (default: a small built-in one)")
      ->type_name("FILE");
  up->add_option("--set", options->sets, "Override a value of the scenario (repeatable)")
      ->type_name("PATH=VALUE");
  up->add_option("--port", *port, "Port of the page on 127.0.0.1; 0: any free one")
      ->type_name("PORT")
      ->capture_default_str();
  up->add_flag("--no-load", *no_load, "No load: only your own clients use the cluster");
  up->add_option("--out", options->out, "Folder for recordings")
      ->type_name("FOLDER")
      ->capture_default_str();
  AddExamples(up,
              {"replsim up",
               "replsim up scenarios/automatic-failover.yaml --set "
               "failover.preset=raft",
               "replsim ctl kill p", "replsim put color blue"},
              "The first Ctrl-C ends the load, heals the faults and prints the report; a second\n"
              "one ends at once. Exit status: as for replsim run.");
  up->callback([options, port, no_load, status] {
    options->serve = *port;
    options->load = !*no_load;
    *status = Up(*options);
  });
}

void AddCtlCommand(CLI::App* app, int* status) {
  const auto place = std::make_shared<UpPlace>();
  const auto words = std::make_shared<std::vector<std::string>>();
  CLI::App* ctl = app->add_subcommand("ctl", "Inject a fault into a cluster that is up");
  ctl->add_option("words", *words, "VERB NODE [NODE] [KEY=VALUE …], as replsim faults lists them")
      ->type_name("WORD")
      ->required();
  AddUpPlace(ctl, place.get());
  AddExamples(ctl,
              {"replsim ctl kill r1", "replsim ctl restart r1", "replsim ctl promote best",
               "replsim ctl partition p r1 for=5s", "replsim ctl slow-disk p delay=20ms",
               "replsim ctl set-link p r1 delay=50ms", "replsim ctl heal p r1"},
              "Exit status: 0 it happened, 1 it was refused, 64 bad usage, 70 no answer.");
  ctl->callback([place, words, status] { *status = Ctl(*place, *words); });
}

void AddPutCommand(CLI::App* app, int* status) {
  const auto place = std::make_shared<UpPlace>();
  const auto key = std::make_shared<std::string>();
  const auto value = std::make_shared<std::string>();
  CLI::App* put = app->add_subcommand("put", "Write a value to a cluster that is up");
  put->add_option("key", *key, "The key")->type_name("KEY")->required();
  put->add_option("value", *value, "The value")->type_name("VALUE")->required();
  AddUpPlace(put, place.get());
  AddExamples(put, {"replsim put color blue"},
              "Exit status: 0 committed, 64 bad usage, 70 rejected, unknown, or no node leads.");
  put->callback([place, key, value, status] { *status = PutValue(*place, *key, *value); });
}

void AddGetCommand(CLI::App* app, int* status) {
  const auto place = std::make_shared<UpPlace>();
  const auto key = std::make_shared<std::string>();
  const auto node = std::make_shared<std::string>();
  CLI::App* get = app->add_subcommand("get", "Read a value from a cluster that is up");
  get->add_option("key", *key, "The key")->type_name("KEY")->required();
  get->add_option("--node", *node, "Read what this node has applied (default: the primary)")
      ->type_name("NODE");
  AddUpPlace(get, place.get());
  AddExamples(get, {"replsim get color", "replsim get color --node r1"},
              "Exit status: 0 printed, 1 there is no such key, 64 bad usage, 70 no answer.");
  get->callback([place, key, node, status] { *status = GetValue(*place, *key, *node); });
}

void AddStatusCommand(CLI::App* app, int* status) {
  const auto place = std::make_shared<UpPlace>();
  CLI::App* command = app->add_subcommand("status", "Show the nodes of a cluster that is up");
  AddUpPlace(command, place.get());
  AddExamples(command, {"replsim status"});
  command->callback([place, status] { *status = ClusterStatus(*place, /*watch=*/false); });
}

void AddWatchCommand(CLI::App* app, int* status) {
  const auto place = std::make_shared<UpPlace>();
  CLI::App* command = app->add_subcommand("watch", "Show the status every second, until Ctrl-C");
  AddUpPlace(command, place.get());
  AddExamples(command, {"replsim watch"});
  command->callback([place, status] { *status = ClusterStatus(*place, /*watch=*/true); });
}

}  // namespace replsim
