// What the old primary does in the failover that a preset describes: the presets differ most in
// how, and whether, a primary that others no longer hear stops. In virtual time.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"
#include "simulator/scenario/scenario.h"

namespace replsim::preset_failover_test {
namespace {

struct Setting {
  std::string failover;
  std::string replication;
  std::string cluster = "{replicas: 2}";
};

// Times are a tenth of the preset's. Two groups of clients, of which one is partitioned with p.
proto::RunReport ReportOf(const Setting& setting, const std::string& faults) {
  const std::string text = absl::StrCat(
      "name: preset\nquestion: When does the old primary stop?\nduration: 10s\nsettle: 30s\n",
      "cluster: ", setting.cluster, "\nreplication: {preset: \"", setting.replication,
      "\", scale_times: 0.1}\nfailover: {preset: ", setting.failover, "}\n",
      "workload: {clients: 8, deadline: 30s, arrival: {rate: 200/s}, mix: {write: 1}}\n",
      "faults: [", faults, "]\n");
  const auto loaded = LoadScenarioText(text, "preset.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  if (!loaded.ok()) return {};
  const auto recording = RunVirtualInMemory(loaded->scenario);
  EXPECT_TRUE(recording.ok()) << recording.status();
  return recording.ok() ? AnalyzeRun(*recording).report : proto::RunReport();
}

constexpr char kAlone[] = "{when: {at: 1s}, do: partition, from: p, to: [r1, r2, w1], for: 8s}";
constexpr char kNoMonitor[] = "{when: {at: 1s}, do: partition, from: p, to: w1, for: 8s}";

TEST(PresetFailover, TheIsolatedPrimaryOfPgAutoFailoverStopsBeforeAnotherLeads) {
  const proto::RunReport report = ReportOf({"pg_auto_failover", "postgres:on"}, kAlone);
  EXPECT_EQ(report.availability().failovers(), 1u);
  EXPECT_EQ(report.elections().step_downs(), 1u) << "after 2 s, a tenth of 20 s";
  EXPECT_EQ(report.elections().dual_primary_ms(), 0);
  EXPECT_EQ(report.writes().acked_lost(), 0u);
}

TEST(PresetFailover, ThePrimaryOfPgAutoFailoverNeedsTheMonitorOrAStandby) {
  const proto::RunReport report = ReportOf({"pg_auto_failover", "postgres:on"}, kNoMonitor);
  EXPECT_EQ(report.availability().failovers(), 0u);
  EXPECT_EQ(report.elections().step_downs(), 0u);
}

// The monitor votes for no other node while a promotion takes longer than a suspicion. Otherwise
// the restarted primary and the replica depose each other without end.
TEST(PresetFailover, APrimaryThatReturnsDuringThePromotionDoesNotEndIt) {
  const proto::RunReport report = ReportOf({"pg_auto_failover", "postgres:on", "{replicas: 1}"},
                                           "{when: {at: 1s}, do: kill, node: p, for: 2500ms}");
  EXPECT_EQ(report.availability().failovers(), 1u);
  EXPECT_EQ(report.elections().candidacies(), 1u);
  EXPECT_LT(report.availability().rto_ms(), 5500)
      << "a tenth of 20 s, 1 s and 30 s, and a heartbeat";
  EXPECT_EQ(report.writes().acked_lost(), 0u);
}

TEST(PresetFailover, OneSentinelThatMissesThePrimaryIsNotEnough) {
  const Setting sentinel{"sentinel", "redis:default"};
  const auto failovers = [&](const std::string& to) {
    return ReportOf(sentinel, "{when: {at: 1s}, do: partition, from: p, to: " + to + ", for: 6s}")
        .availability()
        .failovers();
  };
  EXPECT_EQ(failovers("[r1, r2, w1]"), 0u);
  EXPECT_EQ(failovers("[w1, w2]"), 1u) << "the replicas, which hear it, are not asked";
}

TEST(PresetFailover, AReplicaThatHearsThePrimaryPreventsAFailoverByOrchestrator) {
  const Setting orchestrator{"orchestrator", "mysql:after_sync"};
  const auto failovers = [&](const std::string& to) {
    return ReportOf(orchestrator,
                    "{when: {at: 1s}, do: partition, from: p, to: " + to + ", for: 3s}")
        .availability()
        .failovers();
  };
  EXPECT_EQ(failovers("[w1, w2, w3, r1]"), 0u);
  EXPECT_EQ(failovers("[w1, w2, w3, r1, r2]"), 1u);
}

// r2 has more of the log than r1, unless the priority decides.
TEST(PresetFailover, AWitnessPicksTheLongestLogOfThoseWithThePriority) {
  const std::string slow_r1 =
      "{when: {at: 500ms}, do: partition, from: p, to: r1}, {when: {at: 1s}, do: kill, node: p}";
  const auto lost_with = [&](const std::string& knobs) {
    const proto::RunReport report = ReportOf({"sentinel, " + knobs, "redis:default"}, slow_r1);
    EXPECT_EQ(report.availability().failovers(), 1u);
    EXPECT_EQ(report.elections().rounds_lost(), 0u);
    return report.writes().acked_lost();
  };
  EXPECT_LT(lost_with("priority: []"), 10u);
  EXPECT_GT(lost_with("priority: [r1]"), 50u) << "those of half a second";
}

// r1 hears nothing from 0.5 s on, and the last p has told a witness is at most 1 s old.
TEST(PresetFailover, PatroniWaitsForThePrimaryIfTheReplicaIsTooFarBehind) {
  const std::string faults =
      "{when: {at: 500ms}, do: partition, from: p, to: r1}, {when: {at: 3s}, do: kill, node: p}";
  const auto with = [&](const std::string& knobs) {
    return ReportOf({"patroni, " + knobs, "postgres:local", "{replicas: 1}"}, faults);
  };
  const proto::RunReport near = with("lag_max: 20KiB");
  EXPECT_EQ(near.elections().candidacies(), 0u);
  EXPECT_EQ(near.writes().acked_lost(), 0u);
  const proto::RunReport far = with("lag_max: 10MiB");
  EXPECT_EQ(far.availability().failovers(), 1u);
  EXPECT_GT(far.writes().acked_lost(), 400u) << "those of 2.5 s";
}

TEST(PresetFailover, TheIsolatedPrimaryOfRepmgrLeadsOnBesideTheNewOne) {
  const proto::RunReport report =
      ReportOf({"repmgr", "postgres:local"},
               "{when: {at: 1s}, do: partition, from: p, to: [r1, r2], for: 8s}");
  EXPECT_EQ(report.availability().failovers(), 1u);
  EXPECT_EQ(report.elections().step_downs(), 0u);
  EXPECT_GT(report.elections().dual_primary_ms(), 2000) << "from 5.2 s after the partition to 8 s";
}

}  // namespace
}  // namespace replsim::preset_failover_test
