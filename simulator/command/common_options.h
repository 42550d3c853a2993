// Options and texts that several subcommands share.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "simulator/command/report_outputs.h"

namespace replsim {

// Rejects anything but a number from 0 to 2^64 - 1. CLI11 alone reads -1 as the largest unsigned
// number.
extern const CLI::Validator& kWholeNumber;

// Add the scenario file of run, lint and explore, and the options that override it. `path`, `sets`
// and `varies` outlive the application.
void AddScenarioFile(CLI::App* command, std::string* path);
void AddOverrides(CLI::App* command, std::vector<std::string>* sets,
                  std::vector<std::string>* varies);

// Adds --json, --markdown and --junit. `outputs` outlives the application.
void AddReportOutputs(CLI::App* command, ReportOutputs* outputs);

// Shows `commands` at the end of --help, followed by `notes`.
void AddExamples(CLI::App* command, const std::vector<std::string>& commands,
                 const std::string& notes = "");

}  // namespace replsim
