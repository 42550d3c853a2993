// Registers the subcommands of replsim with their options and examples. The callback of the chosen
// subcommand runs it and stores its exit status in `*status`, which outlives `app`.
#pragma once

#include <CLI/CLI.hpp>

namespace replsim {

// run_options.cc
void AddRunCommand(CLI::App* app, int* status);
void AddLintCommand(CLI::App* app, int* status);
// explore_options.cc
void AddExploreCommand(CLI::App* app, int* status);
// up_options.cc
void AddUpCommand(CLI::App* app, int* status);
void AddCtlCommand(CLI::App* app, int* status);
void AddPutCommand(CLI::App* app, int* status);
void AddGetCommand(CLI::App* app, int* status);
void AddStatusCommand(CLI::App* app, int* status);
void AddWatchCommand(CLI::App* app, int* status);
// play_options.cc
void AddPlayCommand(CLI::App* app, int* status);
void AddTourCommand(CLI::App* app, int* status);
void AddPlayTrialCommand(CLI::App* app, int* status);
// choose_options.cc
void AddChooseCommand(CLI::App* app, int* status);
// recording_options.cc
void AddReportCommand(CLI::App* app, int* status);
void AddExplainCommand(CLI::App* app, int* status);
void AddCompareCommand(CLI::App* app, int* status);
void AddCalibrateCommand(CLI::App* app, int* status);
void AddViewCommand(CLI::App* app, int* status);
void AddCleanCommand(CLI::App* app, int* status);
// check_options.cc
void AddCheckCommand(CLI::App* app, int* status);
void AddExportCommand(CLI::App* app, int* status);
// reference_options.cc
void AddPresetsCommand(CLI::App* app, int* status);
void AddFaultsCommand(CLI::App* app, int* status);
void AddSchemaCommand(CLI::App* app, int* status);
void AddScenariosCommand(CLI::App* app, int* status);
void AddSystemsCommand(CLI::App* app, int* status);
void AddValidateCommand(CLI::App* app, int* status);

}  // namespace replsim
