// host-loss drops messages in flight; kill lets them arrive.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"
#include "simulator/scenario/scenario.h"

namespace replsim::host_loss_test {
namespace {

constexpr int kSeeds = 60;
// Poisson arrivals, and a link with a constant delay. The answers of the last 40 ms are in flight,
// 20 on average.
constexpr double kWritesPerSecond = 500;
constexpr double kLinkSeconds = 0.04;

Recording Lose(const std::string& fault, uint64_t seed) {
  const auto loaded = LoadScenarioText(
      absl::StrCat(
          "question: What is lost with the primary?\nduration: 1500ms\n"
          "cluster: {replicas: 2}\nreplication: {preset: async}\n"
          "machine: {hop: 0s, flush: 0s, write: 0s, wake: 0s, work: 0s}\n"
          "network:\n  - {from: p, to: [r1, r2], delay: ",
          kLinkSeconds * 1000, "ms}\nworkload: {clients: 64, arrival: {rate: ", kWritesPerSecond,
          "/s}, mix: {write: 1}, keys: {count: 100}}\nfaults:\n  - {", fault, ", node: p}\n",
          "  - {when: {after_previous: 200ms}, do: promote, node: best}\n"),
      "host-loss", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  if (!loaded.ok()) return {};
  proto::Scenario scenario = loaded->variants.front().scenario;
  scenario.set_seed(seed);
  auto recording = RunVirtualInMemory(scenario);
  EXPECT_TRUE(recording.ok()) << recording.status();
  return recording.ok() ? *std::move(recording) : Recording();
}

uint64_t Lost(const std::string& fault, uint64_t seed) {
  const proto::RunReport report = AnalyzeRun(Lose(fault, seed)).report;
  EXPECT_EQ(report.breaches_size(), 0) << report.breaches(0);
  EXPECT_TRUE(report.divergence().converged()) << seed;
  EXPECT_EQ(report.missing_faults_size(), 0) << report.missing_faults(0);
  return report.writes().acked_lost();
}

TEST(HostLoss, AsyncLosesAPoissonNumberOfWritesWhoseMeanIsRateTimesDelay) {
  const double mean = kWritesPerSecond * kLinkSeconds;
  double sum = 0;
  double squares = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const auto lost = static_cast<double>(Lost("when: {at: 1s}, do: host-loss", seed));
    sum += lost;
    squares += (lost - mean) * (lost - mean);
  }
  EXPECT_NEAR(sum / kSeeds, mean, 0.1 * mean);
  // The variance equals the mean; the variance of 60 draws deviates by 18 %.
  EXPECT_NEAR(squares / kSeeds, mean, 0.55 * mean);
}

TEST(HostLoss, AKillLetsAllOfItArrive) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    EXPECT_EQ(Lost("when: {at: 1s}, do: kill", seed), 0u) << seed;
  }
}

TEST(HostLoss, ItCanHappenAtAPointInTheLifeOfAWrite) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const char* fault = "when: {point: after-primary.ack, hit: 300}, do: host-loss";
    EXPECT_GT(Lost(fault, seed), 2u) << seed;
  }
}

// The host of a replica: records and client requests in flight to it are lost, and are sent again.
TEST(HostLoss, AReplicaWhoseHostWasLostCatchesUp) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const auto loaded = LoadScenarioText(
        "question: Does a replica come back from a lost host?\nduration: 2s\n"
        "cluster: {replicas: 2}\nreplication: {preset: sync}\n"
        "network:\n  - {from: [p, client], to: r1, delay: 30ms}\n"
        "workload: {clients: 16, arrival: {rate: 300/s}, read_from: r1, keys: {count: 100}}\n"
        "faults:\n  - {when: {at: 500ms}, do: host-loss, node: r1, for: 200ms}\n",
        "host-loss", {}, {});
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    proto::Scenario scenario = loaded->variants.front().scenario;
    scenario.set_seed(seed);
    const auto recording = RunVirtualInMemory(scenario);
    ASSERT_TRUE(recording.ok()) << recording.status();
    const proto::RunReport report = AnalyzeRun(*recording).report;
    EXPECT_EQ(report.breaches_size(), 0) << report.breaches(0);
    EXPECT_TRUE(report.divergence().converged());
    EXPECT_EQ(report.writes().acked_lost(), 0u);
  }
}

}  // namespace
}  // namespace replsim::host_loss_test
