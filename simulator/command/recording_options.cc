#include <memory>
#include <string>

#include "simulator/command/calibrate_command.h"
#include "simulator/command/clean_command.h"
#include "simulator/command/common_options.h"
#include "simulator/command/compare_command.h"
#include "simulator/command/read_commands.h"
#include "simulator/command/subcommands.h"
#include "simulator/command/view_command.h"

namespace replsim {
namespace {

void AddRunFolder(CLI::App* command, std::string* folder, const std::string& description) {
  command->add_option("run", *folder, description)->type_name("FOLDER")->required();
}

// Selects the recording if a run has several.
void AddWhichRecording(CLI::App* command, std::string* variant, uint32_t* repeat) {
  command->add_option("--variant", *variant, "The variant, if the run has several")
      ->type_name("NAME");
  command->add_option("--repeat", *repeat, "The repetition (default: the first)")
      ->type_name("N")
      ->check(CLI::Range(1, 10000));
}

}  // namespace

void AddReportCommand(CLI::App* app, int* status) {
  struct ReportOptions {
    std::string folder;
    ReportOutputs outputs;
  };
  const auto options = std::make_shared<ReportOptions>();
  CLI::App* report = app->add_subcommand("report", "Rebuild the report from a recording");
  AddRunFolder(report, &options->folder, "The run folder");
  AddReportOutputs(report, &options->outputs);
  AddExamples(report, {"replsim report runs/quickstart/latest",
                       "replsim report runs/quickstart/latest --json - | jq .verdict"});
  report->callback([options, status] { *status = ReportAgain(options->folder, options->outputs); });
}

void AddExplainCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<ExplainOptions>();
  CLI::App* explain = app->add_subcommand("explain", "Show what happened to one write, and when");
  AddRunFolder(explain, &options->folder, "The run folder, or the folder of one recording in it");
  explain
      ->add_option("write", options->which,
                   "An LSN, a position (3:4211), a key (k0713: its last write), or the word lost "
                   "(the first lost write) or slowest")
      ->required();
  AddWhichRecording(explain, &options->variant, &options->repeat);
  AddExamples(explain, {"replsim explain runs/quickstart/latest lost",
                        "replsim explain runs/quickstart/latest 3:4211 --variant async"});
  explain->callback([options, status] { *status = Explain(*options); });
}

void AddCompareCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<CompareOptions>();
  CLI::App* compare = app->add_subcommand(
      "compare", "Show runs, or the variants of one run, side by side; check one against another");
  compare->add_option("run", options->folders, "Run folders")->type_name("FOLDER")->required();
  compare
      ->add_option("--base", options->base,
                   "The column that the others are compared with (default: the first)")
      ->type_name("NAME");
  compare
      ->add_option("--threshold", options->thresholds,
                   "A bound on the second run, relative to the first or absolute; may be repeated")
      ->type_name("BOUND")
      ->allow_extra_args(false);
  compare->add_option("--html", options->html, "Also write the comparison as a page to this file")
      ->type_name("FILE");
  compare
      ->add_option("--markdown", options->markdown,
                   "Also write the comparison as Markdown to this file (-: stdout)")
      ->type_name("FILE");
  compare
      ->add_option("--junit", options->junit,
                   "Also write the verdicts on the thresholds as JUnit XML to this file")
      ->type_name("FILE");
  AddExamples(compare,
              {"replsim compare runs/quickstart/latest",
               "replsim compare BASE NEW --threshold \"write_p99_ms <= +10%\"",
               "replsim compare BASE NEW --threshold \"lag.apply.time.p99 <= 50ms\""},
              "Exit status with --threshold: 0 every bound held and no invariant was violated\n"
              "in NEW, 1 one did not hold or was violated, 2 one could not be judged.");
  compare->callback([options, status] { *status = Compare(*options); });
}

void AddCalibrateCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<CalibrateOptions>();
  CLI::App* calibrate = app->add_subcommand(
      "calibrate", "Fit the machine model of virtual time to the recording of a live run");
  AddRunFolder(calibrate, &options->folder, "The run folder, or the folder of one recording in it");
  AddWhichRecording(calibrate, &options->variant, &options->repeat);
  calibrate
      ->add_option("--out", options->out,
                   "Write the machine model to this file, for run --machine (default: stdout)")
      ->type_name("FILE");
  AddExamples(calibrate, {"replsim calibrate runs/quickstart/latest --variant async --out my.yaml",
                          "replsim run my-scenario.yaml --runtime virtual --machine my.yaml"});
  calibrate->callback([options, status] { *status = Calibrate(*options); });
}

void AddCleanCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<CleanOptions>();
  CLI::App* clean = app->add_subcommand("clean", "Remove old runs");
  clean
      ->add_option("--keep", options->keep,
                   "Keep the N newest runs of each scenario and remove the others")
      ->type_name("N")
      ->required()
      ->check(CLI::Range(1, 1'000'000));
  clean->add_option("--out", options->out, "Folder for recordings")
      ->type_name("FOLDER")
      ->capture_default_str();
  clean->add_flag("--dry-run", options->dry_run, "Only print what would be removed");
  AddExamples(clean, {"replsim clean --keep 5 --dry-run", "replsim clean --keep 1 --out my-runs"},
              "A folder that was renamed, or that holds no recording, is left alone. Symbolic\n"
              "links are not followed.");
  clean->callback([options, status] { *status = Clean(*options); });
}

// `run --serve` starts this command, which --help does not list.
void AddViewCommand(CLI::App* app, int* status) {
  const auto folder = std::make_shared<std::string>();
  CLI::App* view = app->add_subcommand("view", "What run --serve shows of a run")->group("");
  AddRunFolder(view, folder.get(), "The run folder");
  view->callback([folder, status] { *status = PrintView(*folder); });
}

}  // namespace replsim
