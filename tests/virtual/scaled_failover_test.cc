// A preset with its times multiplied by 0.1 fails over in a tenth of the time: short runs show the
// ratios of the real timeouts (replication.scale_times). Median RTO over seeds, in virtual time.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"
#include "simulator/scenario/scenario.h"

namespace replsim::scaled_failover_test {
namespace {

constexpr double kScale = 0.1;

struct Presets {
  const char* failover;
  const char* replication;
  double outage_max_s;  // unscaled: the load lasts longer than the median outage
  // The drawn waits are not the same with and without the scale. The more of an outage they are,
  // the more seeds a median needs that is within the bound.
  size_t seeds;
  int writes_per_s = 500;  // the time between two of them is far below the outage
};

std::string Text(const Presets& presets, double scale, size_t seed) {
  // At the same moment between two renewals of a lease.
  const int kill_ms = static_cast<int>(3000 * scale);
  return absl::StrCat(
      "name: scaled\nquestion: How long is an outage with scaled times?\n", "seed: ", seed,
      "\nduration: ", kill_ms + static_cast<int>(presets.outage_max_s * scale * 1000),
      "ms\nsettle: 30s\ncluster: {replicas: 2}\n", "replication: {preset: \"", presets.replication,
      "\", scale_times: ", scale, "}\nfailover: {preset: \"", presets.failover, "\"}\n",
      // Not part of what is scaled, and much shorter than any time that is.
      "machine: {hop: 50us, flush: 100us, write: 5us, wake: 10us, work: 4us}\n",
      "workload: {clients: 8, deadline: 30s, arrival: {rate: ", presets.writes_per_s,
      "/s}, mix: {write: 1},", " retry: same-request}\n", "faults: [{when: {at: ", kill_ms,
      "ms}, do: kill, node: p}]\n");
}

double MedianRtoMs(const Presets& presets, double scale) {
  std::vector<double> rto_ms;
  for (size_t seed = 1; seed <= presets.seeds; ++seed) {
    const auto loaded = LoadScenarioText(Text(presets, scale, seed), "scaled.yaml", {}, {});
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    if (!loaded.ok()) return 0;
    const auto recording = RunVirtualInMemory(loaded->scenario);
    EXPECT_TRUE(recording.ok()) << recording.status();
    if (!recording.ok()) return 0;
    const proto::RunReport::Availability told = AnalyzeRun(*recording).report.availability();
    EXPECT_EQ(told.failovers(), 1U) << "seed " << seed;
    rto_ms.push_back(told.rto_ms());
  }
  std::sort(rto_ms.begin(), rto_ms.end());
  return rto_ms[rto_ms.size() / 2];
}

class ScaledFailover : public testing::TestWithParam<Presets> {};

TEST_P(ScaledFailover, TakesTheScaledTime) {
  const double whole_ms = MedianRtoMs(GetParam(), 1);
  const double scaled_ms = MedianRtoMs(GetParam(), kScale);
  EXPECT_GT(whole_ms, 1000);
  EXPECT_NEAR(scaled_ms, whole_ms * kScale, whole_ms * kScale * 0.05);
}

INSTANTIATE_TEST_SUITE_P(Presets, ScaledFailover,
                         testing::Values(Presets{"raft", "quorum", 2.2, 201},
                                         Presets{"mongodb", "mongodb:majority", 15, 15},
                                         Presets{"patroni", "postgres:local", 45, 61, 100},
                                         Presets{"repmgr", "postgres:local", 60, 5},
                                         Presets{"sentinel", "redis:default", 40, 5},
                                         Presets{"orchestrator", "mysql:after_sync", 9, 31},
                                         Presets{"pg_auto_failover", "postgres:on", 60, 5},
                                         Presets{"patroni:sync", "postgres:on", 45, 201, 50},
                                         Presets{"patroni:quorum", "postgres:on", 45, 201, 50},
                                         Presets{"kafka:elr", "kafka:acks_all", 15, 101, 100}),
                         [](const auto& presets) {
                           return absl::StrReplaceAll(presets.param.failover, {{":", "_"}});
                         });

}  // namespace
}  // namespace replsim::scaled_failover_test
