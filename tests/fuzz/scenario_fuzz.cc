// Any text either loads or is refused with a message; what loads is the same after it is written
// and loaded again.
#include <filesystem>
#include <string>

#include <google/protobuf/util/message_differencer.h>

#include "common/base/check.h"
#include "simulator/scenario/scenario.h"
#include "tests/fuzz/fuzz.h"

namespace replsim {

void FuzzOne(absl::string_view input) {
  using google::protobuf::util::MessageDifferencer;
  const auto loaded = LoadScenarioText(std::string(input), "fuzz.yaml", {}, {});
  if (!loaded.ok()) {
    REPL_CHECK(!loaded.status().message().empty(), "refused without a reason");
    return;
  }
  const std::string written = ToYaml(*loaded);
  const auto again = LoadScenarioText(written, "fuzz.yaml", {}, {});
  REPL_CHECK(again.ok(), again.status().message(), "\n", written);
  REPL_CHECK(MessageDifferencer::Equals(loaded->scenario, again->scenario), written);
  REPL_CHECK(loaded->variants.size() == again->variants.size(), written);
  for (size_t i = 0; i < loaded->variants.size(); ++i) {
    REPL_CHECK(
        MessageDifferencer::Equals(loaded->variants[i].scenario, again->variants[i].scenario),
        written);
  }
}

// The scenarios of the tree, each as written for the run folder.
std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(REPLSIM_SCENARIOS)) {
    const auto loaded = LoadScenario(entry.path(), {}, {});
    if (!loaded.ok()) continue;
    seeds.push_back(ToYaml(*loaded));
    seeds.push_back(ToYaml(loaded->variants.front()));
  }
  return seeds;
}

}  // namespace replsim
