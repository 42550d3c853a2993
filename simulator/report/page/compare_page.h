// compare.html: runs side by side, in one file that needs no network. It has the verdicts, every
// headline number with its difference to the base, the lag distributions in one chart, write
// latency against writes at risk, and the settings that differ. It is readable without scripts; its
// script only copies tables and saves charts.
#pragma once

#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/analysis/compare/compare_runs.h"

namespace replsim {

struct ComparePageInput {
  std::string title;     // the scenario, or the compared folders
  std::string question;  // only if all runs are of one scenario; may be empty
  std::string answer;
  // The results of the scenario's expectations, if all runs are of one scenario.
  std::vector<proto::ExpectationResult> expectations;
  std::vector<RunGroup> groups;
  size_t base = 0;
  // By group and run: link to the page of the run, relative to this page; empty if it has none.
  std::vector<std::vector<std::string>> links;
};
std::string ComparePage(const ComparePageInput& input);

}  // namespace replsim
