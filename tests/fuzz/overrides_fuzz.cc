// Any lines as the flags of `run`: --vary where a line begins with '*', --set otherwise. They are
// refused with a reason, or give variants that are the same after they are written and loaded
// again.
#include <google/protobuf/util/message_differencer.h>

#include "absl/strings/str_split.h"
#include "common/base/check.h"
#include "simulator/scenario/scenario.h"
#include "tests/fuzz/fuzz.h"

namespace replsim {
namespace {

constexpr char kScenario[] = R"(
duration: 2s
cluster: {replicas: 2, groups: {a: [p, client], b: [r1, client]}}
replication: {preset: sync}
network: [{from: p, to: r1, delay: 5ms}]
workload: {arrival: {rate: 100/s}, clients: 4}
faults: [{when: {at: 1s}, do: kill, node: p}, {when: {after_previous: 0s}, do: promote, node: r1}]
)";

}  // namespace

void FuzzOne(absl::string_view input) {
  using google::protobuf::util::MessageDifferencer;
  std::vector<std::string> sets;
  std::vector<std::string> varies;
  for (const absl::string_view line : absl::StrSplit(input, '\n')) {
    if (line.substr(0, 1) == "*") {
      varies.emplace_back(line.substr(1));
    } else {
      sets.emplace_back(line);
    }
  }
  const absl::StatusOr<LoadedScenario> loaded =
      LoadScenarioText(kScenario, "fuzz.yaml", sets, varies);
  if (!loaded.ok()) {
    REPL_CHECK(!loaded.status().message().empty(), "refused without a reason");
    return;
  }
  const std::string written = ToYaml(*loaded);
  const absl::StatusOr<LoadedScenario> again = LoadScenarioText(written, "fuzz.yaml", {}, {});
  REPL_CHECK(again.ok(), again.status().message(), "\n", written);
  REPL_CHECK(again->variants.size() == loaded->variants.size(), written);
  for (size_t i = 0; i < loaded->variants.size(); ++i) {
    REPL_CHECK(
        MessageDifferencer::Equals(again->variants[i].scenario, loaded->variants[i].scenario),
        written);
  }
}

std::vector<std::string> FuzzSeeds() {
  return {"replication.preset=async\nseed=7",
          "*replication.preset=sync,async,quorum\n*network[0].delay=1ms,{exponential: {mean: 2ms}}",
          "workload={arrival: {closed: {think: 1ms}}, clients: 3}\nfaults[1].when.at=1500ms",
          "cluster.groups.b=[r1, r2, client]\n*replication.sync_set=any 1,'first 1 [r1, r2]'",
          "faults=[{when: {point: before-primary.ack, hit: 3}, do: pause, node: p, for: 100ms}]"};
}

}  // namespace replsim
