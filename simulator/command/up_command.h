// `replsim up`: a cluster of real processes that stays until Ctrl-C, with a page, and the commands
// for it: ctl, put, get, status and watch.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "simulator/command/run_command.h"
#include "simulator/scenario/scenario.h"

namespace replsim {

// Completes the options of a run for `up`, and runs it. Returns the exit status.
int Up(CommandOptions options);

// The single variant of the scenario, with every link prepared for faults that are not known yet.
// InvalidArgument if something varies.
absl::Status PrepareToStay(LoadedScenario& loaded);

// The file with the address of the page, while the cluster is up.
std::string UrlPath(const std::string& run_folder);

// Where the commands below find the cluster.
struct UpPlace {
  std::string folder;  // the run folder; empty: the newest cluster below `out` that is up
  std::string out = "runs";
};
// Each prints its result, or an error to stderr, and returns the exit status.
int Ctl(const UpPlace& place, const std::vector<std::string>& words);
int PutValue(const UpPlace& place, const std::string& key, const std::string& value);
// `node`: empty: the primary; otherwise what that node has applied.
int GetValue(const UpPlace& place, const std::string& key, const std::string& node);
int ClusterStatus(const UpPlace& place, bool watch);

}  // namespace replsim
