// Figures of the report against a second implementation of them (figures_oracle.h), over drawn runs
// in virtual time whose faults overlap. Counts and times must be equal to the nanosecond that both
// started from, averages to the rounding of a double.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/rng.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"
#include "simulator/metrics/metrics.h"
#include "simulator/scenario/scenario.h"
#include "tests/virtual/figures_oracle.h"

namespace replsim::figures_test {
namespace {

class Draw {
 public:
  explicit Draw(uint64_t seed) : seed_(seed), rng_(Rng(seed).Fork("figures")) {}

  std::string Scenario() {
    std::string text = absl::StrCat(
        "name: figures\nquestion: q\nseed: ", seed_, "\nduration: ", Between(1900, 2600),
        "ms\ncluster:\n  replicas: 2\n  heartbeat: {interval: 50ms, timeout: 300ms}\n",
        One({"", "  groups: {west: [p, client], east: [r1, r2, client]}\n"}),
        "replication: {preset: ",
        One({"async", "async", "semi-sync", "sync", "quorum", "'mysql:after_sync'",
             "'postgres:on'"}),
        ", timeout: ", Between(60, 250), "ms, on_timeout: ", One({"degrade", "block", "reject"}),
        "}\nnetwork:\n  - {from: p, to: [r1, r2], delay: ", Between(1, 20),
        "ms}\nworkload:\n  clients: ", Between(2, 8), "\n  deadline: ", Between(200, 600),
        "ms\n  arrival: ", One({"{rate: 150/s}", "{rate: 90/s}", "{closed: {think: 20ms}}"}),
        "\n  mix: {write: ",
        One({"0.6, read: 0.4", "0.4, read: 0.6", "1", "0.3, transaction: 0.2, read: 0.5"}),
        "}\n  read_from: ", One({"primary", "any-replica"}),
        "\n  read_own_writes: ", One({"0", "0.9"}),
        "\n  keys: {count: 200}\n  value_bytes: 40\nfaults:\n");
    for (int i = Between(1, 3); i > 0; --i) absl::StrAppend(&text, Small());
    if (rng_.Unit() < 0.8) absl::StrAppend(&text, Failover());
    return text;
  }

 private:
  int Between(int least, int most) {
    return least + static_cast<int>(rng_.Unit() * (most - least + 1));
  }
  std::string One(const std::vector<std::string>& of) {
    return of[static_cast<size_t>(Between(0, static_cast<int>(of.size()) - 1))];
  }
  std::string At() { return absl::StrCat("  - {when: {at: ", Between(200, 1300), "ms}, do: "); }
  std::string Small() {
    const std::string length = absl::StrCat("for: ", Between(50, 900), "ms}\n");
    switch (Between(0, 3)) {
      case 0:
        return absl::StrCat(At(), "partition, from: p, to: ", One({"r1", "r2", "[r1, r2]"}), ", ",
                            length);
      case 1:
        return absl::StrCat(At(), "pause, node: ", One({"r1", "r2"}), ", ", length);
      case 2:
        return absl::StrCat(At(), "slow-apply, node: ", One({"r1", "r2"}),
                            ", apply_delay: ", Between(5, 30), "ms, ", length);
      default:
        return absl::StrCat(At(), "partition, from: r1, to: r2, ", length);
    }
  }
  // Half of them after the primary was cut off from its replicas: what it acknowledged is lost.
  std::string Failover() {
    const std::string first = rng_.Unit() < 0.5
                                  ? At() + "kill, node: p}\n"
                                  : absl::StrCat(At(), "partition, from: p, to: [r1, r2]}\n",
                                                 Then(100, 400), "kill, node: p}\n");
    return absl::StrCat(first, Then(20, 400), "promote, node: best}\n", One({"", Restart()}));
  }
  std::string Then(int least, int most) {
    return absl::StrCat("  - {when: {after_previous: ", Between(least, most), "ms}, do: ");
  }
  std::string Restart() { return Then(50, 300) + "restart, node: p}\n"; }

  const uint64_t seed_;
  Rng rng_;
};

int64_t Micros(int64_t ns) { return (ns + 500) / 1000; }

// The value of the nearest rank, by whole numbers.
int64_t At(const std::vector<int64_t>& sorted, size_t permille) {
  const size_t rank = (sorted.size() * permille + 999) / 1000;
  return sorted[std::max<size_t>(rank, 1) - 1];
}

void ExpectNear(std::optional<double> told, std::optional<double> found, const char* what) {
  ASSERT_EQ(told.has_value(), found.has_value()) << what;
  if (!told || *told == *found) return;
  EXPECT_NEAR(*told, *found, 1e-9 * std::max(1.0, std::fabs(*found))) << what;
}

void ExpectDistribution(const proto::RunReport::Distribution& told,
                        const std::vector<int64_t>& found, const char* what) {
  ASSERT_EQ(told.count(), found.size()) << what;
  if (found.empty()) {
    EXPECT_FALSE(told.has_p50()) << what;
    return;
  }
  EXPECT_EQ(told.min(), Micros(found.front())) << what;
  EXPECT_EQ(told.p50(), Micros(At(found, 500))) << what;
  EXPECT_EQ(told.p90(), Micros(At(found, 900))) << what;
  EXPECT_EQ(told.p99(), Micros(At(found, 990))) << what;
  EXPECT_EQ(told.p999(), Micros(At(found, 999))) << what;
  EXPECT_EQ(told.max(), Micros(found.back())) << what;
  double sum = 0;
  for (const int64_t value : found) sum += static_cast<double>(value);
  ExpectNear(told.mean(), sum / 1000 / static_cast<double>(found.size()), what);
}

void ComparePhase(bool there, const proto::RunReport::Phase& told, const FiguresOracle& oracle,
                  const FiguresOracle::Phase& phase, const char* what) {
  ASSERT_EQ(there, phase.there()) << what;
  if (!there) return;
  ExpectNear(told.end_ms() - told.begin_ms(), static_cast<double>(phase.to - phase.from) / 1e6,
             what);
  ExpectDistribution(told.write_us(), oracle.Latencies(phase, true), what);
  ExpectDistribution(told.read_us(), oracle.Latencies(phase, false), what);
  ExpectNear(told.per_second(), oracle.PerSecond(true, phase.from, phase.to, phase.with_to), what);
  ExpectNear(told.reads_per_second(), oracle.PerSecond(false, phase.from, phase.to, phase.with_to),
             what);
}

void CompareLoad(const proto::RunReport& report, const FiguresOracle& oracle,
                 const Recording& recording, const proto::Scenario& scenario) {
  const proto::Manifest& manifest = recording.manifest;
  ExpectNear(report.writes().per_second(),
             oracle.PerSecond(true, manifest.load_begin_ns(), manifest.load_end_ns(), true),
             "per_second");
  ExpectNear(report.throughput().offered_per_second(), oracle.Offered(), "offered");
  ExpectNear(FindMetric("goodput_min_per_second")->Get(report), oracle.SlowestSecond(), "slowest");
  const auto needed = oracle.ClientsNeeded();
  EXPECT_EQ(report.throughput().has_clients_needed(), needed.has_value());
  EXPECT_EQ(report.throughput().clients_needed(), needed.value_or(0));
  ExpectNear(report.availability().unavailable_ms(), oracle.UnavailableMs(true, -1), "unavailable");
  ExpectNear(FindMetric("read_unavailable_ms")->Get(report), oracle.UnavailableMs(false, -1),
             "reads unavailable");
  const int groups = report.interruptions().groups_size();
  ASSERT_EQ(groups, scenario.cluster().groups_size());
  for (int i = 0; i < groups; ++i) {
    const std::string& name = scenario.cluster().groups(i).name();
    ExpectNear(FindMetric("unavailable_ms." + name)->Get(report), oracle.UnavailableMs(true, i),
               "unavailable to a group");
    ExpectNear(FindMetric("read_unavailable_ms." + name)->Get(report),
               oracle.UnavailableMs(false, i), "reads unavailable to a group");
  }
}

void CompareLatencies(const proto::RunReport& report, const FiguresOracle& oracle) {
  const int64_t all = std::numeric_limits<int64_t>::max();
  ExpectDistribution(report.latency_us().write(), oracle.Latencies({0, all, true}, true), "writes");
  ExpectDistribution(report.latency_us().read(), oracle.Latencies({0, all, true}, false), "reads");
  const proto::RunReport::Phases& phases = report.phases();
  ComparePhase(phases.has_healthy(), phases.healthy(), oracle, oracle.Healthy(), "healthy");
  ComparePhase(phases.has_stopped(), phases.stopped(), oracle, oracle.Stopped(), "stopped");
  ComparePhase(phases.has_after(), phases.after(), oracle, oracle.After(), "after");
  const std::vector<int64_t> least = oracle.WithUnknown(false);
  const std::vector<int64_t> most = oracle.WithUnknown(true);
  const proto::RunReport::CensoredLatency& told = report.write_with_unknown_us();
  ASSERT_EQ(told.count(), least.size());
  if (least.empty()) return;
  EXPECT_EQ(told.p50(), Micros(At(least, 500)));
  EXPECT_EQ(told.p90(), Micros(At(least, 900)));
  EXPECT_EQ(told.p99(), Micros(At(least, 990)));
  EXPECT_EQ(told.p999(), Micros(At(least, 999)));
  EXPECT_EQ(told.p50_at_least(), At(least, 500) != At(most, 500));
  EXPECT_EQ(told.p90_at_least(), At(least, 900) != At(most, 900));
  EXPECT_EQ(told.p99_at_least(), At(least, 990) != At(most, 990));
  EXPECT_EQ(told.p999_at_least(), At(least, 999) != At(most, 999));
}

void ComparePrimary(const proto::RunReport& report, const FiguresOracle& oracle,
                    const proto::Scenario& scenario) {
  const FiguresOracle::Primary primary = oracle.WalkPrimary();
  const proto::RunReport::PrimaryStates& states = report.primary_states();
  const auto ms = [](int64_t ns) { return static_cast<double>(ns) / 1e6; };
  ExpectNear(states.no_primary_ms(), ms(primary.none), "no primary");
  const proto::ReplicationSpec& knobs = scenario.replication();
  if (knobs.ack_after() < proto::REPLICA_RECEIVE) {
    ExpectNear(states.unguarded_ms(), ms(primary.led), "unguarded");
    EXPECT_FALSE(states.has_protected_ms());
  } else {
    ExpectNear(states.protected_ms(), ms(primary.led - primary.behind), "protected");
    EXPECT_EQ(states.has_degraded_ms(), knobs.on_timeout() == proto::DEGRADE);
    EXPECT_EQ(states.has_rejecting_ms(), knobs.on_timeout() == proto::REJECT);
    ExpectNear(states.degraded_ms() + states.rejecting_ms(), ms(primary.behind), "behind");
  }
  ExpectNear(report.expected_loss().over_ms(), primary.loss_time / 1e6, "time at risk");
  const double loss = primary.loss_writes / primary.loss_time;
  ExpectNear(report.expected_loss().writes(), loss, "expected loss");
  // The record of a transaction is larger than that of a put.
  const bool one_size = scenario.workload().mix().transaction() == 0;
  ASSERT_EQ(oracle.RecordBytes() > 0, one_size);
  const auto record = static_cast<double>(oracle.RecordBytes());
  if (!one_size) {
    EXPECT_GE(report.writes().acked_lost_bytes(), oracle.AckedLost());
  } else if (scenario.failover().take_over() == proto::OWN_RECORD) {
    // The record that begins an epoch is smaller than a write.
    EXPECT_LE(report.expected_loss().bytes(), loss * record * (1 + 1e-9));
  } else {
    ExpectNear(report.expected_loss().bytes(), loss * record, "expected loss in bytes");
  }
  EXPECT_EQ(report.writes().acked_lost(), oracle.AckedLost());
  if (one_size) {
    EXPECT_EQ(report.writes().acked_lost_bytes(), oracle.AckedLost() * oracle.RecordBytes());
  }
  ExpectNear(FindMetric("redundancy_ms")->Get(report), oracle.RedundancyMs(), "redundancy");
  ExpectNear(FindMetric("newest_survivor_ms")->Get(report), oracle.NewestSurvivorMs(), "survivor");
}

void CompareLag(const proto::RunReport& report, const FiguresOracle& oracle,
                const Recording& recording) {
  for (const proto::RunReport::Lag& lag : report.lag()) {
    if (lag.stage() != "receive") continue;
    const auto found = oracle.ReceiveLag(*recording.NodeIndex(lag.replica()));
    EXPECT_EQ(lag.entries().has_mean(), found.has_value()) << lag.replica();
    if (!found) continue;
    ExpectNear(lag.entries().mean(), found->entries, "lag in entries");
    ExpectNear(lag.time_us().mean(), found->ns / 1000, "lag in time");
    for (const auto* of : {&lag.entries(), &lag.time_us()}) {
      EXPECT_LE(of->min(), of->p50());
      EXPECT_LE(of->p999(), of->max());
    }
  }
}

void CompareReads(const proto::RunReport& report, const FiguresOracle& oracle) {
  const FiguresOracle::Reads reads = oracle.CountReads();
  const proto::RunReport::Consistency& told = report.consistency();
  EXPECT_EQ(told.stale_reads().count(), reads.stale);
  EXPECT_EQ(told.read_your_writes().count(), reads.own_missed);
  EXPECT_EQ(told.reads_missing_lost_writes().count(), reads.missing_lost);
}

// A guarantee that holds implies those below it: the judges of a run must agree.
void CompareGuarantees(const proto::RunReport& report) {
  constexpr std::pair<const char*, const char*> kImplied[] = {
      {"linearizable", "sequential"},        {"sequential", "consistent_prefix"},
      {"sequential", "read_your_writes"},    {"sequential", "monotonic_writes"},
      {"sequential", "writes_follow_reads"}, {"consistent_prefix", "monotonic_reads"},
      {"linearizable", "read_your_writes"},
  };
  std::map<std::string, bool> holds;
  for (const proto::GuaranteeVerdict& verdict : report.consistency().summary().verdicts()) {
    holds[verdict.name()] = verdict.holds();
  }
  for (const auto& [strong, weak] : kImplied) {
    if (!holds.contains(strong) || !holds.contains(weak)) continue;
    EXPECT_TRUE(!holds[strong] || holds[weak]) << strong << " holds, " << weak << " does not";
  }
}

// The events that the drawn runs must contain together, so that the comparison has a meaning.
struct Shown {
  uint64_t lost = 0;
  uint64_t missing_lost = 0;
  uint64_t stale = 0;
  uint64_t unknown = 0;
  uint64_t groups = 0;
  uint64_t own_excused = 0;
  double behind_ms = 0;
  double redundancy_ms = 0;
  double expected_loss = 0;

  void Add(const proto::RunReport& report) {
    lost += report.writes().acked_lost();
    missing_lost += report.consistency().reads_missing_lost_writes().count();
    stale += report.consistency().stale_reads().count();
    unknown += report.write_with_unknown_us().unknown();
    groups += static_cast<uint64_t>(report.interruptions().groups_size());
    behind_ms += report.primary_states().degraded_ms() + report.primary_states().rejecting_ms();
    redundancy_ms += report.recovery().redundancy_ms();
    expected_loss += report.expected_loss().writes();
  }
};

TEST(Figures, AreThoseOfASecondImplementation) {
  constexpr uint64_t kRuns = 100;
  Shown shown;
  for (uint64_t seed = 1; seed <= kRuns; ++seed) {
    const std::string text = Draw(seed).Scenario();
    SCOPED_TRACE(text);
    const auto loaded = LoadScenarioText(text, "figures.yaml", {}, {});
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    const Variant& variant = loaded->variants[0];
    absl::StatusOr<Recording> recording = RunVirtualInMemory(variant.scenario);
    ASSERT_TRUE(recording.ok()) << recording.status();
    recording->scenario_yaml = ToYaml(variant);
    const proto::RunReport report = AnalyzeRun(*recording).report;
    const FiguresOracle oracle(*recording, variant.scenario);
    CompareLoad(report, oracle, *recording, variant.scenario);
    CompareLatencies(report, oracle);
    CompareReads(report, oracle);
    CompareGuarantees(report);
    ComparePrimary(report, oracle, variant.scenario);
    CompareLag(report, oracle, *recording);
    shown.Add(report);
    shown.own_excused += oracle.CountReads().own_excused;
    if (HasFailure()) return;
  }
  EXPECT_GT(shown.lost, 0u);
  EXPECT_GT(shown.missing_lost, 0u);
  EXPECT_GT(shown.stale, 0u);
  EXPECT_GT(shown.unknown, 0u);
  EXPECT_GT(shown.own_excused, 0u);
  EXPECT_GT(shown.groups, 0u);
  EXPECT_GT(shown.behind_ms, 0);
  EXPECT_GT(shown.redundancy_ms, 0);
  EXPECT_GT(shown.expected_loss, 0);
}

}  // namespace
}  // namespace replsim::figures_test
