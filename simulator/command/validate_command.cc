#include "simulator/command/validate_command.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_format.h"
#include "simulator/command/cluster_trials.h"
#include "simulator/command/exit_status.h"
#include "simulator/metrics/format.h"
#include "simulator/theory/pbs_fits.h"
#include "simulator/theory/validate_table.h"
#include "simulator/theory/validation.h"

namespace replsim {
namespace {

void PrintNow(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);  // the next table takes seconds
}

}  // namespace

std::vector<std::string> FitNames() {
  std::vector<std::string> names;
  for (const Fit& fit : PbsFits()) names.emplace_back(fit.name);
  names.emplace_back(kSynthetic);
  return names;
}

int Validate(const ValidateOptions& options) {
  Validation validation;
  validation.count = options.trials;
  validation.seed = options.seed;
  const bool of_cluster = options.runtime == "virtual";
  if (of_cluster) validation.trials = ClusterTrials;
  const auto asked = [&](absl::string_view name) {
    return options.fit.empty() || options.fit == name;
  };
  PrintNow(
      absl::StrFormat("PBS (Bailis et al., VLDB 2012) · N=3, 99.9 %% · ours: %s · %s trials each, "
                      "seed %d\n\n",
                      of_cluster ? "the cluster in virtual time" : "the model",
                      Thousands(options.trials), options.seed));
  bool agrees = true;
  for (const Fit& fit : PbsFits()) {
    if (!asked(fit.name)) continue;
    const std::vector<CellResult> cells = ValidateTable(validation, fit);
    PrintNow(TableText(fit.name, cells) + "\n");
    agrees &= std::ranges::all_of(cells, &CellResult::Agrees);
  }
  std::vector<PointResult> points;
  for (const std::string& name : FitNames()) {
    if (!asked(name)) continue;
    for (const PointResult& point : ValidateText(validation, name)) {
      points.push_back(point);
      agrees &= point.value.Agrees();
    }
  }
  PrintNow(PointsText(points));
  return agrees ? kExitHeld : kExitNotHeld;
}

}  // namespace replsim
