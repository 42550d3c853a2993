// `replsim run`: a scenario file in, a verdict out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/command/report_outputs.h"

namespace replsim {

struct CommandOptions {
  std::string scenario_path;
  std::optional<uint64_t> seed;
  std::vector<std::string> sets;    // --set PATH=VALUE
  std::vector<std::string> varies;  // --vary PATH=A,B
  std::string machine;  // a file with the machine that virtual time pretends; empty: the scenario's
  std::string out = "runs";
  std::string runtime = "live";  // or virtual
  uint32_t repeat = 1;           // how often each variant is run, with seeds that count up
  ReportOutputs outputs;
  bool quiet = false;
  std::optional<std::string> serve;  // the port; empty: kServePort
  bool interactive = false;
  std::string program_dir;  // where this program is, and the node programs with it
};

inline constexpr int kServePort = 8642;

int RunScenario(const CommandOptions& options);

}  // namespace replsim
