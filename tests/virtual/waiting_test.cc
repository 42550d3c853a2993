// The ways to wait in whole runs in virtual time: retries and tickets through failovers, over many
// seeds.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"
#include "simulator/scenario/scenario.h"

namespace replsim::waiting_test {
namespace {

constexpr uint64_t kSeeds = 20;

// Acknowledgements do not come back for a while; then the primary dies and another node leads.
std::string Failover(const std::string& workload, const std::string& more = "") {
  return absl::StrCat(
      "name: waiting\nquestion: q\nduration: 2s\ncluster: {replicas: 2}\n"
      "replication: {preset: semi-sync}\nnetwork:\n  - {from: p, to: [r1, r2], delay: 5ms}\n"
      "workload:\n  clients: 16\n  arrival: {rate: 400/s}\n  mix: {write: 1}\n"
      "  keys: {count: 50}\n  deadline: 150ms\n",
      workload,
      "faults:\n  - {when: {at: 600ms}, do: partition, from: [r1, r2], to: p, one_way: true}\n",
      "  - {when: {after_previous: 300ms}, do: kill, node: p}\n",
      "  - {when: {after_previous: 100ms}, do: promote, node: best}\n", more);
}

proto::RunReport Report(const std::string& scenario, uint64_t seed) {
  const auto loaded = LoadScenarioText(scenario, "waiting.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  proto::Scenario variant = loaded->variants[0].scenario;
  variant.set_seed(seed);
  const auto recording = RunVirtualInMemory(variant);
  EXPECT_TRUE(recording.ok()) << recording.status();
  return AnalyzeRun(*recording).report;
}

void ExpectSound(const proto::RunReport& report) {
  EXPECT_EQ(report.breaches_size(), 0) << report.breaches(0);
  EXPECT_EQ(report.writes().acked_lost(), 0u);
  EXPECT_EQ(report.writes().told_lost_survived(), 0u);
  EXPECT_TRUE(report.divergence().converged());
}

TEST(Waiting, TheSameRequestIsAppliedOnceInEveryStyle) {
  for (const char* style : {"style: blocking", "style: future", "style: ticket, poll: 10ms",
                            "style: ticket, watch: true"}) {
    uint64_t retried = 0;
    for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
      SCOPED_TRACE(absl::StrCat(style, " seed ", seed));
      std::string workload = absl::StrCat("  retry: same-request\n  ", style, "\n");
      const size_t comma = workload.find(", ");
      if (comma != std::string::npos) workload.replace(comma, 2, "\n  ");
      const proto::RunReport report = Report(Failover(workload), seed);
      ExpectSound(report);
      EXPECT_EQ(report.writes().applied_twice(), 0u);
      retried += report.writes().retried();
    }
    EXPECT_GT(retried, 0u) << style;
  }
}

// A promoted node knows the contents of its log before it has applied them.
TEST(Waiting, TheSameRequestIsAppliedOnceWhereTheNewPrimaryHasNotAppliedIt) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    std::string scenario = Failover("  retry: same-request\n");
    const std::string slow =
        "  - {when: {at: 100ms}, do: slow-apply, node: r1, apply_delay: 20ms}\n"
        "  - {when: {at: 100ms}, do: slow-apply, node: r2, apply_delay: 20ms}\n";
    scenario.insert(scenario.find("faults:\n") + 8, slow);
    const proto::RunReport report = Report(scenario, seed);
    ExpectSound(report);
    EXPECT_EQ(report.writes().applied_twice(), 0u);
    EXPECT_GT(report.writes().retried(), 0u);
  }
}

TEST(Waiting, ANewRequestIsAppliedTwiceAndThatIsNoBreach) {
  uint64_t twice = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const proto::RunReport report = Report(Failover("  retry: new-request\n"), seed);
    ExpectSound(report);
    twice += report.writes().applied_twice();
  }
  EXPECT_GT(twice, 0u);
}

TEST(Waiting, APrimaryThatComesBackKnowsItsTickets) {
  const std::string scenario =
      "name: waiting\nquestion: q\nduration: 1500ms\ncluster: {replicas: 1}\n"
      "replication: {preset: async}\nworkload:\n  clients: 8\n  style: ticket\n  poll: 20ms\n"
      "  arrival: {rate: 400/s}\n  mix: {write: 1}\n  keys: {count: 50}\n  deadline: 1s\nfaults:\n"
      "  - {when: {at: 500ms}, do: kill, node: p}\n"
      "  - {when: {after_previous: 100ms}, do: restart, node: p}\n";
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const proto::RunReport report = Report(scenario, seed);
    ExpectSound(report);
    EXPECT_EQ(report.writes().told_lost(), 0u) << "its kernel had what it had given tickets for";
    EXPECT_GT(report.writes().committed(), 300u);
  }
}

}  // namespace
}  // namespace replsim::waiting_test
