#include "simulator/command/command_line.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "simulator/command/calibrate_command.h"
#include "simulator/command/compare_command.h"
#include "simulator/command/completion.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/explore_command.h"
#include "simulator/command/lint_command.h"
#include "simulator/command/man_page.h"
#include "simulator/command/read_commands.h"
#include "simulator/command/run_command.h"
#include "simulator/command/scale_times.h"
#include "simulator/command/validate_command.h"
#include "simulator/command/view_command.h"
#include "simulator/scenario/help_text.h"

namespace replsim {
namespace {

// The node programs lie beside this one.
std::string ProgramFolder() {
  char path[4096];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);
  if (size <= 0) return ".";
  const std::string program(path, static_cast<size_t>(size));
  return program.substr(0, program.rfind('/'));
}

// CLI11 takes -1 for the largest number of an unsigned type.
std::string NotWhole(const std::string& text) {
  uint64_t number = 0;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (digits && absl::SimpleAtoi(text, &number)) return "";
  return absl::StrCat("'", text, "' is no whole number; expected 0 to ",
                      std::numeric_limits<uint64_t>::max());
}
const CLI::Validator kWholeNumber(NotWhole, "", "whole number");

int Print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  return kExitHeld;
}

}  // namespace

int CommandLine(int argc, char** argv) {
  CLI::App app(
      "Replicates, breaks and measures: which writes does a replication mode lose, and how far do "
      "its replicas lag?",
      "replsim");
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 every expectation held and no invariant was violated, 1 one did not or was,\n"
      "2 one could not be judged, 64 bad usage or scenario, 70 replsim itself failed,\n"
      "130 interrupted.");
  int status = kExitHeld;

  CommandOptions run;
  run.program_dir = ProgramFolder();
  CLI::App* run_app = app.add_subcommand("run", "Run a scenario and judge it");
  run_app->add_option("scenario", run.scenario_path, "The scenario file")->required();
  run_app
      ->add_option("--seed", run.seed, "Every random draw comes from it (default: the scenario's)")
      ->check(kWholeNumber);
  run_app->add_option("--set", run.sets, "PATH=VALUE: override one setting; may be repeated")
      ->allow_extra_args(false);
  run_app
      ->add_option("--vary", run.varies,
                   "PATH=A,B,C: one run per value, side by side; may be repeated")
      ->allow_extra_args(false);
  AddScaleTimes(run_app, &run.sets);
  run_app->add_option("--out", run.out, "Folder for recordings")->capture_default_str();
  run_app->add_option("--json", run.json,
                      "Also write the report as JSON to this file; - for stdout");
  run_app
      ->add_option("--runtime", run.runtime,
                   "live: real processes; virtual: the same protocol code in virtual time")
      ->check(CLI::IsMember({"live", "virtual"}))
      ->capture_default_str();
  run_app->add_option(
      "--machine", run.machine,
      "With --runtime virtual: the machine to pretend, a file of replsim calibrate");
  run_app
      ->add_option(
          "--repeat", run.repeat,
          "Run each variant so often, with seeds that count up: medians, and what is noise")
      ->check(CLI::Range(1, 10000));
  run_app->add_option("--junit", run.junit, "Also write the verdict as JUnit XML to this file");
  run_app->add_flag("-q,--quiet", run.quiet, "No progress display");
  std::vector<std::string> serve;
  CLI::Option* serve_option =
      run_app
          ->add_option("--serve", serve,
                       "Show the run in a browser while it goes on: at this port of 127.0.0.1, 0 "
                       "for any free one; only live")
          ->type_name("[PORT]")
          ->expected(0, 1)
          ->default_str(absl::StrCat(kServePort));
  run_app->add_flag("--interactive", run.interactive,
                    "With --serve: with a button for each of the scenario's faults");
  run_app->callback([&] {
    if (*serve_option) run.serve = serve.empty() ? "" : serve.front();
    status = RunScenario(run);
  });

  LintOptions lint;
  CLI::App* lint_app = app.add_subcommand("lint", "Check a scenario without running it");
  lint_app->add_option("scenario", lint.scenario_path, "The scenario file")->required();
  lint_app->add_option("--set", lint.sets, "PATH=VALUE: override one setting; may be repeated")
      ->allow_extra_args(false);
  lint_app->add_option("--vary", lint.varies, "PATH=A,B,C: one variant per value; may be repeated")
      ->allow_extra_args(false);
  lint_app->callback([&] { status = Lint(lint); });

  ExploreCommandOptions explore;
  explore.jobs = static_cast<int>(std::max(1l, sysconf(_SC_NPROCESSORS_ONLN)));
  CLI::App* explore_app = app.add_subcommand(
      "explore",
      "Draw faults from many seeds, run each in virtual time, and judge what comes of it");
  explore_app->add_option("scenario", explore.scenario_path, "The scenario file")->required();
  explore_app
      ->add_option("--seeds", explore.seeds,
                   "How many (default: 1000; with --every-io: as many as it takes)")
      ->check(CLI::PositiveNumber);
  explore_app->add_option("--seed", explore.first_seed, "The first of them")
      ->check(kWholeNumber)
      ->capture_default_str();
  explore_app->add_option("--jobs", explore.jobs, "Processes at once (default: one per processor)")
      ->check(CLI::Range(1, 1024));
  explore_app
      ->add_option("--set", explore.sets, "PATH=VALUE: override one setting; may be repeated")
      ->allow_extra_args(false);
  explore_app
      ->add_option("--vary", explore.varies,
                   "PATH=A,B,C: explore each value, with the same seeds; may be repeated")
      ->allow_extra_args(false);
  AddScaleTimes(explore_app, &explore.sets);
  explore_app
      ->add_option("--trial-seconds", explore.trial_seconds,
                   "A seed that takes longer has failed as stuck")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  explore_app->add_option("--out", explore.out, "Folder for shrunk scenarios")
      ->capture_default_str();
  CLI::Option* knobs = explore_app->add_flag("--draw-knobs", explore.draw.knobs,
                                             "Also draw send_after, serialize_keys and take_over");
  CLI::Option* storm = explore_app->add_flag(
      "--storm", explore.draw.storm,
      "Also draw the cluster's size and settings, and faults that cross: two at "
      "one instant, restarts during starts and promotions, all nodes at once, "
      "again and again, bit flips");
  explore_app
      ->add_flag("--every-io", explore.draw.every_io,
                 "Draw nothing: the power is lost before and after every write and every "
                 "flush of every node in turn")
      ->excludes(knobs)
      ->excludes(storm);
  explore_app->add_flag("-q,--quiet", explore.quiet, "No progress display");
  explore_app->footer(
      "Exit status: 0 no seed failed, 1 one violated an invariant or lost what its mode promises "
      "to\n"
      "keep. The scenario's own expectations are not judged: other faults are drawn than it "
      "names.");
  explore_app->callback([&] { status = ExploreScenario(explore); });

  CompareOptions compare;
  CLI::App* compare_app = app.add_subcommand(
      "compare", "Several runs, or the variants of one, side by side; one held to another");
  compare_app->add_option("run", compare.folders, "Run folders")->required();
  compare_app->add_option("--base", compare.base,
                          "The column that others are compared with (default: the first)");
  compare_app
      ->add_option(
          "--threshold", compare.thresholds,
          "\"write_p99_ms <= +10%\", \"acked_lost <= +0\", \"lag.apply.time.p99 <= 50ms\": "
          "what the second run may be, beside the first; may be repeated")
      ->allow_extra_args(false);
  compare_app->add_option("--html", compare.html,
                          "Also write the comparison as a page to this file");
  compare_app->add_option("--junit", compare.junit,
                          "Also write the thresholds' verdicts as JUnit XML to this file");
  compare_app->callback([&] { status = Compare(compare); });

  std::string folder;
  std::string json;
  std::string junit;
  CLI::App* report = app.add_subcommand("report", "Make the report again from a recording");
  report->add_option("run", folder, "The run folder")->required();
  report->add_option("--json", json, "Also write the report as JSON to this file; - for stdout");
  report->add_option("--junit", junit, "Also write the verdict as JUnit XML to this file");
  report->callback([&] { status = ReportAgain(folder, json, junit); });

  ExplainOptions explain;
  CLI::App* explain_app = app.add_subcommand("explain", "The life of one write");
  explain_app->add_option("run", explain.folder, "The run folder, or a recording's folder in it")
      ->required();
  explain_app
      ->add_option("write", explain.which,
                   "An LSN, a position 3:4211, a key k0713 (its last write), or lost")
      ->required();
  explain_app->add_option("--variant", explain.variant, "Which variant's run");
  explain_app->add_option("--repeat", explain.repeat, "Which run of it (default: the first)")
      ->check(CLI::Range(1, 10000));
  explain_app->callback([&] { status = Explain(explain); });

  CalibrateOptions calibrate;
  CLI::App* calibrate_app = app.add_subcommand(
      "calibrate", "Fit the machine of virtual time to the recording of a live run");
  calibrate_app
      ->add_option("run", calibrate.folder, "The run folder, or a recording's folder in it")
      ->required();
  calibrate_app->add_option("--variant", calibrate.variant, "Which variant's run");
  calibrate_app->add_option("--repeat", calibrate.repeat, "Which run of it (default: the first)")
      ->check(CLI::Range(1, 10000));
  calibrate_app->add_option("--out", calibrate.out,
                            "Write the machine to this file, for run --machine (default: stdout)");
  calibrate_app->callback([&] { status = Calibrate(calibrate); });

  ValidateOptions validate;
  CLI::App* validate_app =
      app.add_subcommand("validate", "Published staleness and latencies beside ours");
  validate_app
      ->add_option("--trials", validate.trials,
                   "For every model and quorum; fewer than the default judge less")
      ->check(CLI::Range(uint64_t{100'000}, uint64_t{20'000'000}))
      ->capture_default_str();
  validate_app
      ->add_option("--runtime", validate.runtime,
                   "Where ours come from. model: the paper's; virtual: a cluster in virtual time")
      ->check(CLI::IsMember({"model", "virtual"}))
      ->capture_default_str();
  validate_app->add_option("--seed", validate.seed, "Every random draw comes from it")
      ->check(kWholeNumber)
      ->capture_default_str();
  validate_app->add_option("--fit", validate.fit, "Only this one")
      ->check(CLI::IsMember(FitNames()));
  validate_app->callback([&] { status = Validate(validate); });

  // How `run --serve` looks at a run: not for people.
  std::string viewed;
  CLI::App* view = app.add_subcommand("view", "What run --serve shows of a run")->group("");
  view->add_option("run", viewed, "The run folder")->required();
  view->callback([&] { status = PrintView(viewed); });

  std::string part;
  app.add_subcommand("presets", "The presets, as the knobs they stand for")->callback([&] {
    status = Print(PresetsText());
  });
  app.add_subcommand("faults", "The faults and failpoints a scenario can name")->callback([&] {
    status = Print(FaultsText());
  });
  CLI::App* schema = app.add_subcommand("schema", "Everything a scenario may say");
  schema->add_option("part", part, "Only this part, e.g. replication");
  schema->callback([&] {
    const absl::StatusOr<std::string> text = SchemaText(part);
    if (text.ok()) {
      status = Print(*text);
      return;
    }
    std::fprintf(stderr, "replsim: %s\n", std::string(text.status().message()).c_str());
    status = kExitUsage;
  });

  AddCompletionCommand(&app, &status);
  AddManualCommand(&app, &status);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitHeld : kExitUsage;
  }
  return status;
}

}  // namespace replsim
