#include <unistd.h>

#include <algorithm>
#include <memory>

#include "simulator/command/common_options.h"
#include "simulator/command/explore_command.h"
#include "simulator/command/scale_times.h"
#include "simulator/command/subcommands.h"
#include "simulator/explore/judge.h"

namespace replsim {
namespace {

constexpr uint64_t kMostSeeds = 1'000'000'000'000;

void AddSeeds(CLI::App* explore, ExploreCommandOptions* options) {
  explore
      ->add_option("--seeds", options->seeds,
                   "How many seeds (default: 1000; with --every-io: as many as needed)")
      ->type_name("N")
      ->check(CLI::Range(uint64_t{1}, kMostSeeds).description(""));
  explore->add_option("--seed", options->first_seed, "The first seed")
      ->check(kWholeNumber)
      ->capture_default_str();
  explore->add_option("--jobs", options->jobs, "Processes at once (default: one per processor)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  explore
      ->add_option("--trial-seconds", options->trial_seconds,
                   "A seed that takes more processor time fails as stuck")
      ->type_name("SECONDS")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
}

void AddDraws(CLI::App* explore, DrawOptions* draw) {
  CLI::Option* knobs = explore->add_flag(
      "--draw-knobs", draw->knobs,
      "Also draw send_after, serialize_keys, take_over and transactions, and with elections their "
      "timeouts, pre_vote, lose_lead, never_leads, disk_stall_after and find_primary");
  CLI::Option* storm = explore->add_flag(
      "--storm", draw->storm,
      "Also draw the size and settings of the cluster and of its elections, and faults that "
      "overlap: two at the same instant, restarts during starts and promotions, all nodes at once, "
      "repeated faults, bit flips");
  explore
      ->add_flag("--every-io", draw->every_io,
                 "Draw nothing: lose the power before and after every write and every fsync of "
                 "every node in turn")
      ->excludes(knobs)
      ->excludes(storm);
}

}  // namespace

void AddExploreCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<ExploreCommandOptions>();
  options->jobs = static_cast<int>(std::max(1l, sysconf(_SC_NPROCESSORS_ONLN)));
  CLI::App* explore = app->add_subcommand(
      "explore", "Run many seeds in virtual time, each with random faults, and judge each run");
  AddScenarioFile(explore, &options->scenario_path);
  AddSeeds(explore, options.get());
  AddOverrides(explore, &options->sets, &options->varies);
  AddScaleTimes(explore, &options->sets);
  AddDraws(explore, &options->draw);
  explore->add_option("--out", options->out, "Folder for shrunk scenarios")
      ->type_name("FOLDER")
      ->capture_default_str();
  explore->add_option("--json", options->json, "Also write the outcomes as JSON (-: stdout)")
      ->type_name("FILE");
  explore->add_option("--junit", options->junit, "Also write the outcomes as JUnit XML")
      ->type_name("FILE");
  explore
      ->add_option("--html", options->html,
                   "Also write a page with the outcomes and the smallest schedule of each, drawn")
      ->type_name("FILE");
  explore
      ->add_option("--fail-on", options->fail_on,
                   "Outcome that is a failure too (repeat for several)")
      ->type_name("KIND")
      ->allow_extra_args(false)
      ->check(CLI::IsMember(FailOnKinds()));
  explore->add_flag("-q,--quiet", options->quiet, "No progress display");
  AddExamples(
      explore,
      {"replsim explore scenarios/quickstart.yaml", "replsim explore my.yaml --seeds 20000 --storm",
       "replsim explore my.yaml --every-io --html explore.html",
       "replsim explore my.yaml --quiet --junit explore.xml --fail-on unpromised-loss"},
      "Exit status: 0 no seed failed, 1 a seed violated an invariant or broke a promise\n"
      "of its mode (lost writes, guarantees to readers).\n"
      "\n"
      "The scenario's own expectations are judged if they are about the data (losses,\n"
      "reads, equal nodes) and would hold without a fault. One that does not hold is\n"
      "the outcome 'not-held': the faults are random, not those of the scenario, so it\n"
      "is a failure only with --fail-on not-held. --fail-on unpromised-loss makes every\n"
      "loss of an acknowledged write a failure.");
  explore->callback([options, status] { *status = ExploreScenario(*options); });
}

}  // namespace replsim
