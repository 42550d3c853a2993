// `replsim run`: runs every variant of a scenario, judges the recordings and reports.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/command/report_outputs.h"

namespace replsim {

// Options of the command line.
struct CommandOptions {
  std::string scenario_path;
  // Overrides the scenario's seed; repetitions count up from it.
  std::optional<uint64_t> seed;
  std::vector<std::string> sets;    // --set PATH=VALUE
  std::vector<std::string> varies;  // --vary PATH=A,B
  // File with a `machine:` block (machine_file.h); empty: the scenario's machine. Needs runtime
  // "virtual".
  std::string machine;
  // Folder of the recordings: OUT/<scenario>/<time>.
  std::string out = "runs";
  std::string runtime = "live";  // "live" or "virtual"
  uint32_t repeat = 1;           // runs per variant, with consecutive seeds
  ReportOutputs outputs;
  bool quiet = false;  // no progress display
  // Port of the live page on 127.0.0.1; empty: kServePort; absent: no page.
  std::optional<std::string> serve;
  bool interactive = false;  // one button per fault on the live page; needs `serve`
  // Of `replsim up`: the cluster stays until it is stopped, and takes faults in words.
  bool until_stopped = false;
  bool load = true;           // false: no load
  std::string scenario_text;  // in place of the file, if not empty
  std::string program_dir;    // folder of this program and of the node programs
};

inline constexpr int kServePort = 8642;

// Returns the exit status.
int RunScenario(const CommandOptions& options);

}  // namespace replsim
