#include "simulator/command/up_command.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "simulator/command/up_assets.h"
#include "simulator/scenario/check.h"

namespace replsim {

int Up(CommandOptions options) {
  options.runtime = "live";
  options.until_stopped = true;
  options.interactive = true;
  options.quiet = true;  // the addresses stay on the screen
  if (options.scenario_path.empty()) {
    options.scenario_path = "the built-in scenario";
    options.scenario_text = kUpScenario;
  }
  return RunScenario(options);
}

absl::Status PrepareToStay(LoadedScenario& loaded) {
  if (loaded.variants.size() > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("a cluster that stays has one variant, and the scenario has ",
                     loaded.variants.size(), "; choose with --set, for example --set ",
                     loaded.scenario.vary(0).path(), "=", loaded.scenario.vary(0).values(0)));
  }
  // A link gets a relay only if the scenario mentions it, and without a relay it cannot be cut.
  const std::vector<std::string> ends = EndIds(loaded.scenario);
  for (proto::Scenario* scenario : {&loaded.scenario, &loaded.variants.front().scenario}) {
    for (const std::string& from : ends) {
      for (const std::string& to : ends) {
        if (from == to) continue;
        proto::Link& link = *scenario->mutable_network()->Add();
        link.add_from(from);
        link.add_to(to);
        link.mutable_delay()->mutable_plus()->set_ns(0);
      }
    }
    // Links of the scenario itself come last, because a later one overrides an earlier one.
    auto& network = *scenario->mutable_network();
    const int added = static_cast<int>(ends.size() * (ends.size() - 1));
    std::rotate(network.pointer_begin(), network.pointer_end() - added, network.pointer_end());
  }
  return absl::OkStatus();
}

std::string UrlPath(const std::string& run_folder) { return run_folder + "/url"; }

}  // namespace replsim
