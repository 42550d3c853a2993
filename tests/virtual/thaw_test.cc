// After a pause a node first handles the requests of its clients, then the messages of its peers.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"
#include "simulator/scenario/scenario.h"

namespace replsim::thaw_test {
namespace {

constexpr uint64_t kSeeds = 20;

// The primary is stopped for a second, a replica is promoted meanwhile, and every client has a
// write in the old primary's socket when it goes on.
proto::RunReport ThawedPrimary(const std::string& preset, uint64_t seed) {
  const auto loaded = LoadScenarioText(R"(
question: What does a primary acknowledge that has been stopped and succeeded?
duration: 3s
cluster: {replicas: 2, heartbeat: {interval: 50ms, timeout: 400ms}}
workload: {clients: 16, deadline: 3s, arrival: {rate: 400/s}, mix: {write: 1}, keys: {count: 100}}
faults:
  - {when: {at: 1s}, do: pause, node: p, for: 1s}
  - {when: {after_previous: 500ms}, do: promote, node: r1}
)",
                                       "thaw", {absl::StrCat("replication.preset=", preset)}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  if (!loaded.ok()) return {};
  proto::Scenario scenario = loaded->variants.front().scenario;
  scenario.set_seed(seed);
  const auto recording = RunVirtualInMemory(scenario);
  EXPECT_TRUE(recording.ok()) << recording.status();
  if (!recording.ok()) return {};
  const proto::RunReport report = AnalyzeRun(*recording).report;
  EXPECT_EQ(report.breaches_size(), 0) << report.breaches(0);
  EXPECT_TRUE(report.divergence().converged());
  return report;
}

TEST(Thaw, AnAsyncPrimaryAcknowledgesWhatItsSuccessorLacks) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const uint64_t lost = ThawedPrimary("async", seed).writes().acked_lost();
    EXPECT_GT(lost, 0u) << seed;
    EXPECT_LE(lost, 16u) << seed << ": one for each client that waited";
  }
}

TEST(Thaw, AGateOfReplicasKeepsEveryAcknowledgedWrite) {
  for (const char* preset : {"quorum", "sync", "postgres:on"}) {
    for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
      EXPECT_EQ(ThawedPrimary(preset, seed).writes().acked_lost(), 0u) << preset << " " << seed;
    }
  }
}

}  // namespace
}  // namespace replsim::thaw_test
