#include "simulator/command/fault_words.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"
#include "simulator/scenario/scenario.h"

namespace replsim {
namespace {

constexpr char kExpected[] = "expected VERB NODE [NODE] [KEY=VALUE …], for example: kill r1";

// The fault as a scenario file writes it.
absl::StatusOr<std::string> FaultYaml(const std::string& words) {
  std::vector<std::string> targets;
  std::vector<std::string> keys = {"when: {at: 0s}"};
  const std::vector<std::string> all = absl::StrSplit(words, ' ', absl::SkipWhitespace());
  for (size_t i = 1; i < all.size(); ++i) {
    const size_t equals = all[i].find('=');
    if (equals == std::string::npos) {
      targets.push_back(all[i]);
    } else {
      keys.push_back(absl::StrCat(all[i].substr(0, equals), ": ", all[i].substr(equals + 1)));
    }
  }
  if (all.empty() || targets.empty() || targets.size() > 2) {
    return absl::InvalidArgumentError(kExpected);
  }
  keys.push_back(absl::StrCat("do: ", all[0]));
  if (targets.size() == 1) {
    keys.push_back(absl::StrCat("node: ", targets[0]));
  } else {
    keys.push_back(absl::StrCat("from: ", targets[0], ", to: ", targets[1]));
  }
  return absl::StrCat("{", absl::StrJoin(keys, ", "), "}");
}

}  // namespace

absl::StatusOr<proto::Fault> FaultFromWords(const std::string& words,
                                            const proto::Scenario& scenario) {
  REPL_ASSIGN_OR_RETURN(const std::string yaml, FaultYaml(words));
  Variant plain{scenario.name(), scenario};
  plain.scenario.clear_faults();
  plain.scenario.clear_vary();
  plain.scenario.clear_expect();
  absl::StatusOr<LoadedScenario> loaded = LoadScenarioText(
      ToYaml(plain), "scenario", {absl::StrCat("faults=[", yaml, "]")}, {}, /*most_told=*/1);
  if (!loaded.ok()) {
    // Without the place, which is in a text that the reader does not see.
    const std::string message(loaded.status().message());
    const std::string text = message.substr(0, message.find('\n'));
    const size_t place =
        text.find(": ", text.find("]: ") == std::string::npos ? 0 : text.find("]: "));
    return absl::InvalidArgumentError(
        absl::StrCat(words, ": ", place == std::string::npos ? text : text.substr(place + 2)));
  }
  return loaded->variants.front().scenario.faults(0);
}

}  // namespace replsim
