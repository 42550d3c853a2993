#include <memory>
#include <string>

#include "simulator/command/common_options.h"
#include "simulator/command/play_command.h"
#include "simulator/command/subcommands.h"
#include "simulator/command/tour_command.h"

namespace replsim {

void AddPlayCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<PlayOptions>();
  CLI::App* play = app->add_subcommand(
      "play", "Change settings and place faults on a page, and see at once what they do");
  play->add_option("scenario", options->scenario_path,
                   "The scenario to begin with (default: a small built-in one)")
      ->type_name("FILE");
  play->add_option("--set", options->sets, "Override a value of the scenario (repeatable)")
      ->type_name("PATH=VALUE");
  play->add_option("--port", options->port, "Port of 127.0.0.1 (default: any free one)")
      ->type_name("PORT")
      ->check(CLI::Range(0, 65535));
  play->add_option("--out", options->out, "Folder for runs on real processes")
      ->type_name("FOLDER")
      ->capture_default_str();
  AddExamples(play, {"replsim play", "replsim play scenarios/split-brain.yaml --port 8642"});
  play->callback([options, status] { *status = Play(*options); });
}

void AddTourCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<TourOptions>();
  CLI::App* tour = app->add_subcommand(
      "tour", "Ten lessons on synchronous and asynchronous replication: predict, run, look, why");
  tour->add_option("lesson", options->lesson, "Number of a lesson (default: all, in order)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  tour->add_option("--dir", options->folder,
                   "Folder of the scenario files (default: ./scenarios, or the installed ones)")
      ->type_name("FOLDER");
  tour->add_option("--markdown", options->markdown,
                   "Write all lessons as Markdown to this file; - is stdout")
      ->type_name("FILE");
  AddExamples(tour, {"replsim tour", "replsim tour 6", "replsim tour --markdown tour.md"},
              "Exit status: 0 every claim of the lessons held, 1 one did not, 64 bad usage.");
  tour->callback([options, status] { *status = Tour(*options); });
}

void AddPlayTrialCommand(CLI::App* app, int* status) {
  const auto as = std::make_shared<std::string>("answer");
  CLI::App* trial = app->add_subcommand("play-trial", "One run for the page of play")->group("");
  trial->add_option("--as", *as)->check(CLI::IsMember({"answer", "page"}));
  trial->callback([as, status] { *status = PlayTrial(*as == "page"); });
}

}  // namespace replsim
