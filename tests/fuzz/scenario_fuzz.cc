// Any text either loads or is refused with a message; what loads is the same after it is written
// and loaded again.
#include <cstddef>
#include <cstdint>
#include <string>

#include <google/protobuf/util/message_differencer.h>

#include "common/base/check.h"
#include "simulator/scenario/scenario.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using google::protobuf::util::MessageDifferencer;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto loaded = replsim::LoadScenarioText(text, "fuzz.yaml", {}, {});
  if (!loaded.ok()) {
    REPL_CHECK(!loaded.status().message().empty(), "refused without a reason");
    return 0;
  }
  const std::string written = replsim::ToYaml(*loaded);
  const auto again = replsim::LoadScenarioText(written, "fuzz.yaml", {}, {});
  REPL_CHECK(again.ok(), again.status().message(), "\n", written);
  REPL_CHECK(MessageDifferencer::Equals(loaded->scenario, again->scenario), written);
  REPL_CHECK(loaded->variants.size() == again->variants.size(), written);
  for (size_t i = 0; i < loaded->variants.size(); ++i) {
    REPL_CHECK(
        MessageDifferencer::Equals(loaded->variants[i].scenario, again->variants[i].scenario),
        written);
  }
  return 0;
}
