// Random faults that overlap, in virtual time: every figure of an outage against a second
// implementation of its definition (outage_reference.h).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>
#include <utility>

#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"
#include "simulator/explore/draw.h"
#include "simulator/scenario/scenario.h"
#include "tests/virtual/lag_reference.h"
#include "tests/virtual/outage_reference.h"

namespace replsim::outage_property_test {
namespace {

constexpr char kBase[] = R"(
name: outages
question: Where do outages begin and end?
duration: 1500ms
settle: 5s
cluster: {replicas: 2, heartbeat: {interval: 20ms, timeout: 100ms}}
replication: {preset: PRESET}
machine: {hop: 150us, flush: 300us, write: 5us, wake: 50us, work: 4us}
workload: {clients: 4, deadline: 300ms, arrival: {rate: 150/s}, mix: {write: 1}}
)";
// Drawn outages of the nodes' own making, beside those of promote faults.
constexpr char kElections[] =
    "failover: {preset: raft, suspect_after: 120ms, stand_delay: {uniform: {min: 0s, max: 80ms}}, "
    "lose_lead: {without: majority, for: 120ms}}\n";

std::string Text(std::optional<double> ms) {
  return ms ? std::to_string(*ms) : std::string("not known");
}
std::optional<double> Millis(std::optional<int64_t> ns) {
  if (!ns) return std::nullopt;
  return static_cast<double>(*ns) / 1e6;
}

void ExpectSame(std::optional<double> reported, std::optional<int64_t> plain, const char* what) {
  EXPECT_EQ(Text(reported), Text(Millis(plain))) << what;
}

// The report's quantiles come from a histogram of 32 buckets to an octave.
void ExpectNear(const proto::RunReport::Distribution& reported, const ReferenceLag& plain) {
  ASSERT_EQ(reported.has_max(), plain.max_entries.has_value());
  if (!plain.max_entries) return;
  const auto near = [](int64_t a, uint64_t b) {
    EXPECT_NEAR(static_cast<double>(a), static_cast<double>(b), 1 + static_cast<double>(b) / 32);
  };
  near(reported.p50(), *plain.p50_entries);
  near(reported.p99(), *plain.p99_entries);
  EXPECT_EQ(static_cast<uint64_t>(reported.max()), *plain.max_entries);
}

void CompareParts(const proto::RunReport::Availability& told, const ReferenceFigures& plain) {
  ASSERT_EQ(told.has_detect_ms(), plain.parts.has_value());
  ASSERT_EQ(told.has_promote_ms(), plain.parts.has_value());
  ASSERT_EQ(told.has_first_write_ms(), plain.parts.has_value());
  if (!plain.parts) return;
  ExpectSame(told.detect_ms(), plain.parts->detect_ns, "detect");
  ExpectSame(told.elect_ms(), plain.parts->elect_ns, "elect");
  ExpectSame(told.promote_ms(), plain.parts->promote_ns, "promote");
  ExpectSame(told.discover_ms(), plain.parts->discover_ns, "discover");
  ExpectSame(told.first_write_ms(), plain.parts->first_write_ns, "first write");
  EXPECT_NEAR(told.detect_ms() + told.elect_ms() + told.promote_ms() + told.discover_ms() +
                  told.first_write_ms(),
              told.rto_ms(), 1e-6);
}

// No more than the resolution away from the value of the nearest rank.
template <typename AtMost>
void ExpectQuantiles(const proto::RunReport::Distribution& told, double whole, double unit,
                     const AtMost& at_most) {
  const std::pair<double, int64_t> quantiles[] = {
      {0.5, told.p50()}, {0.9, told.p90()}, {0.99, told.p99()}, {0.999, told.p999()}};
  for (const auto& [share, rounded] : quantiles) {
    const double value = static_cast<double>(rounded) * unit;
    const double off = value / 256 + unit * 0.51;
    EXPECT_GE(at_most(value + off), share * whole - 2) << share << " is told as " << rounded;
    EXPECT_LE(at_most(value - off), share * whole + 2) << share << " is told as " << rounded;
  }
  EXPECT_GE(at_most((static_cast<double>(told.max()) + 0.51) * unit), whole - 2);
  EXPECT_LT(at_most((static_cast<double>(told.max()) - 0.51) * unit - 2), whole);
}

void CompareLag(const Recording& recording, const proto::RunReport& report) {
  const auto plain = FollowLag(recording);
  for (const proto::RunReport::Lag& lag : report.lag()) {
    SCOPED_TRACE(lag.replica() + " " + lag.stage());
    const std::string stages[] = {"receive", "write", "flush", "apply"};
    const auto stage = std::find(std::begin(stages), std::end(stages), lag.stage());
    const auto& pieces =
        plain[*recording.NodeIndex(lag.replica())][static_cast<size_t>(stage - stages)];
    ASSERT_EQ(lag.entries().has_p50(), !pieces.empty());
    if (pieces.empty()) continue;
    const double whole = WholeLength(pieces);
    double entries = 0;
    double age = 0;
    for (const LagPiece& piece : pieces) {
      const auto length = static_cast<double>(piece.length_ns);
      entries += length * static_cast<double>(piece.entries);
      if (piece.entries > 0) age += length * (static_cast<double>(piece.age_ns) + length / 2);
    }
    EXPECT_NEAR(lag.entries().mean(), entries / whole, 1e-9 * (1 + entries / whole));
    EXPECT_NEAR(lag.time_us().mean(), age / whole / 1e3, 2e-3);
    ExpectQuantiles(lag.entries(), whole, 1, [&](double v) { return EntriesAtMost(pieces, v); });
    ExpectQuantiles(lag.time_us(), whole, 1e3, [&](double v) { return AgeAtMost(pieces, v); });
  }
}

void Compare(const Recording& recording) {
  const RunAnalysis analysis = AnalyzeRun(recording);
  const FinalLog final_log(recording);
  std::vector<bool> lost;
  for (const Fate fate : DecideFates(recording, final_log).of) {
    lost.push_back(fate == Fate::kAckedLost);
  }
  const ReferenceFigures plain = MeasurePlainly(recording, lost);
  const proto::RunReport::Availability& told = analysis.report.availability();
  EXPECT_EQ(told.failovers(), plain.failovers);
  ExpectSame(told.has_rto_ms() ? std::optional(told.rto_ms()) : std::nullopt, plain.rto_ns, "RTO");
  ExpectSame(told.has_rpo_ms() ? std::optional(told.rpo_ms()) : std::nullopt, plain.rpo_ns, "RPO");
  ExpectSame(told.unavailable_ms(), plain.unavailable_ns, "unavailable");
  CompareParts(told, plain);
  CompareLag(recording, analysis.report);
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    SCOPED_TRACE(recording.nodes[node].id);
    ExpectSame(told.down(static_cast<int>(node)).down_ms(), plain.down_ns[node], "down");
    proto::RunReport::Lag none;
    const proto::RunReport::Lag* apply = &none;
    for (const proto::RunReport::Lag& lag : analysis.report.lag()) {
      if (lag.replica() == recording.nodes[node].id && lag.stage() == "apply") apply = &lag;
    }
    ExpectNear(apply->entries(), plain.lag[node]);
    ExpectSame(apply->has_catch_up_ms() ? std::optional(apply->catch_up_ms()) : std::nullopt,
               plain.catch_up_ns[node], "catch-up");
    EXPECT_EQ(apply->never_caught_up(), plain.never_caught_up[node]);
  }
}

int FromEnvironment(const char* name, int otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::atoi(value);
}

struct Mode {
  const char* name;
  const char* preset;
  const char* failover = "";  // a block of the scenario
};

class Outages : public testing::TestWithParam<Mode> {};

TEST_P(Outages, AreMeasuredAsTheyAreDefined) {
  std::string text = kBase;
  text.replace(text.find("PRESET"), 6, GetParam().preset);
  text += GetParam().failover;
  const auto loaded = LoadScenarioText(text, "outages.yaml", {}, {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const int first = FromEnvironment("REPLSIM_OUTAGE_FIRST_SEED", 1);
  const int seeds = FromEnvironment("REPLSIM_OUTAGE_SEEDS", 60);
  uint64_t failovers = 0;
  int with_parts = 0;
  for (int seed = first; seed < first + seeds && !HasFailure(); ++seed) {
    const Drawn drawn = Draw(loaded->scenario, static_cast<uint64_t>(seed));
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + FaultLines(drawn.scenario));
    const auto recording = RunVirtualInMemory(drawn.scenario);
    if (!recording.ok()) continue;  // what was drawn could not be run
    Compare(*recording);
    const proto::RunReport::Availability told = AnalyzeRun(*recording).report.availability();
    failovers += told.failovers();
    // In virtual time an elected replica that has applied everything leads in the same instant.
    const double elected_or_promoted_ms = told.elect_ms() + told.promote_ms();
    if (told.detect_ms() > 0 && elected_or_promoted_ms > 0 && told.first_write_ms() > 0) {
      ++with_parts;
    }
  }
  EXPECT_GT(failovers, static_cast<uint64_t>(seeds) / 10) << "else little was compared";
  EXPECT_GT(with_parts, seeds / 20) << "else few parts were compared";
}

INSTANTIATE_TEST_SUITE_P(Presets, Outages,
                         testing::Values(Mode{"async", "async"}, Mode{"semisync", "semi-sync"},
                                         Mode{"quorum", "quorum"},
                                         Mode{"raft", "quorum", kElections}),
                         [](const auto& mode) { return std::string(mode.param.name); });

}  // namespace
}  // namespace replsim::outage_property_test
