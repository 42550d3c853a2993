// compare.html: runs side by side, in one file that needs no network. The verdicts, every headline
// number with its difference to the base, the lag distributions in one chart, write latency against
// writes at risk, and the settings that differ. Readable without scripts; the script in it only
// copies tables and saves charts.
#pragma once

#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/analysis/compare/compare_runs.h"

namespace replsim {

struct ComparePageInput {
  std::string title;     // the scenario, or what was compared
  std::string question;  // where all runs are of one scenario; may be empty
  std::string answer;
  // Of the scenario, where there is one.
  std::vector<proto::ExpectationResult> expectations;
  std::vector<RunGroup> groups;
  size_t base = 0;
  // To the page of each run of each group, relative to this page; empty: it has none.
  std::vector<std::vector<std::string>> links;
};
std::string ComparePage(const ComparePageInput& input);

}  // namespace replsim
