#include "simulator/command/lint_command.h"

#include <cstdio>
#include <limits>

#include "absl/strings/str_cat.h"
#include "simulator/command/exit_status.h"
#include "simulator/metrics/format.h"
#include "simulator/scenario/scenario.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

std::string LineOf(const Variant& variant) {
  const proto::Scenario& scenario = variant.scenario;
  return absl::StrCat(variant.name, ": ", ToText(scenario.duration()), " of load, seed ",
                      scenario.seed(), ", ", Counted(scenario.cluster().replicas(), "replica"),
                      ", ", Counted(static_cast<size_t>(scenario.faults_size()), "fault"), "\n");
}

std::string TextOf(const LoadedScenario& loaded) {
  std::string text = absl::StrCat(
      loaded.scenario.name(), ": ", Counted(loaded.variants.size(), "variant"), ", ",
      Counted(static_cast<size_t>(loaded.scenario.expect_size()), "expectation"), "\n");
  for (const Variant& variant : loaded.variants) absl::StrAppend(&text, LineOf(variant));
  return text;
}

}  // namespace

int Lint(const LintOptions& options) {
  int status = kExitHeld;
  for (const std::string& path : options.paths) {
    const absl::StatusOr<LoadedScenario> loaded =
        LoadScenario(path, options.sets, options.varies, std::numeric_limits<size_t>::max());
    if (loaded.ok()) {
      std::fputs(WarningsText(*loaded).c_str(), stderr);
      std::fputs(TextOf(*loaded).c_str(), stdout);
    } else {
      std::fprintf(stderr, "%s\n", std::string(loaded.status().message()).c_str());
      status = kExitUsage;
    }
  }
  return status;
}

}  // namespace replsim
