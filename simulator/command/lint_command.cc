#include "simulator/command/lint_command.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/load_or_tell.h"
#include "simulator/scenario/scenario.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

std::string Counted(int count, absl::string_view thing) {
  return absl::StrCat(count, " ", thing, count == 1 ? "" : "s");
}

std::string LineOf(const Variant& variant) {
  const proto::Scenario& scenario = variant.scenario;
  return absl::StrCat(variant.name, ": ", ToText(scenario.duration()), " of load, seed ",
                      scenario.seed(), ", ",
                      Counted(static_cast<int>(scenario.cluster().replicas()), "replica"), ", ",
                      Counted(scenario.faults_size(), "fault"), "\n");
}

}  // namespace

int Lint(const LintOptions& options) {
  const std::optional<LoadedScenario> loaded =
      LoadOrTell(options.scenario_path, options.sets, options.varies);
  if (!loaded) return kExitUsage;
  std::string text = absl::StrCat(
      loaded->scenario.name(), ": ", Counted(static_cast<int>(loaded->variants.size()), "variant"),
      ", ", Counted(loaded->scenario.expect_size(), "expectation"), "\n");
  for (const Variant& variant : loaded->variants) absl::StrAppend(&text, LineOf(variant));
  std::fputs(text.c_str(), stdout);
  return kExitHeld;
}

}  // namespace replsim
