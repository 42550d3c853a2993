// The acknowledgements of one turn share one draw of their link's delay: over random links the
// latency of a replica gate follows the closed form of one draw each way.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/command/virtual_run.h"
#include "simulator/scenario/scenario.h"

namespace replsim::link_draws_test {
namespace {

// Writes are far apart, and machines cost nothing: latency is what the links draw. A replica tells
// of "received" and "applied" in one turn, in two messages.
constexpr char kExponentialLinks[] = R"(
question: How long does a replica's acknowledgement take?
duration: 30000s
cluster: {replicas: 2, heartbeat: {interval: 4s, timeout: 60s}}
replication: {ack_after: replica-apply}
network:
  - {from: p, to: [r1, r2], delay: {exponential: {mean: 10ms}}}
  - {from: [r1, r2], to: p, delay: {exponential: {mean: 5ms}}}
machine: {hop: 0s, flush: 0s, write: 0s, wake: 0s, work: 0s}
workload:
  clients: 8
  arrival: {rate: 1/s}
  mix: {write: 1}
  keys: {count: 20}
  value_bytes: 20
)";

double MedianLatencyMs(const std::string& sync_set) {
  const auto loaded = LoadScenarioText(kExponentialLinks, "links",
                                       {absl::StrCat("replication.sync_set=", sync_set)}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  if (!loaded.ok()) return 0;
  const auto recording = RunVirtualInMemory(loaded->variants.front().scenario);
  EXPECT_TRUE(recording.ok()) << recording.status();
  if (!recording.ok()) return 0;
  std::vector<double> latencies;
  for (const Operation& write : recording->operations) {
    latencies.push_back(static_cast<double>(write.completed_ns - write.intended_ns) / 1e6);
  }
  EXPECT_GT(latencies.size(), 29'000u);
  if (latencies.empty()) return 0;
  const auto middle = latencies.begin() + static_cast<std::ptrdiff_t>(latencies.size() / 2);
  std::nth_element(latencies.begin(), middle, latencies.end());
  return *middle;
}

// There and back takes W + A, exponentials of mean 10 and 5 ms: longer than t with probability
// 2x - x², where x = exp(-t / 10 ms). So P(W + A <= t) = (1 - x)².
double TimeMs(double probability) { return -10 * std::log(1 - std::sqrt(probability)); }

TEST(LinkDraws, AnyOneOfTwoReplicasTakesTheLesserOfTwoRoundTrips) {
  const double expected = TimeMs(1 - std::sqrt(0.5));
  EXPECT_NEAR(expected, 7.79, 0.01);
  EXPECT_NEAR(MedianLatencyMs("any 1"), expected, 0.03 * expected);
}

TEST(LinkDraws, AllOfTwoReplicasTakeTheGreaterOfTwoRoundTrips) {
  const double expected = TimeMs(std::sqrt(0.5));
  EXPECT_NEAR(expected, 18.38, 0.01);
  EXPECT_NEAR(MedianLatencyMs("all"), expected, 0.03 * expected);
}

}  // namespace
}  // namespace replsim::link_draws_test
