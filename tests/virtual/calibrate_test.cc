// A machine fitted to a virtual run is the machine of that run: within 5 %, part by part, and in
// what a user sees of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/run_report.h"
#include "simulator/calibrate/fit_machine.h"
#include "simulator/calibrate/fit_text.h"
#include "simulator/command/virtual_run.h"
#include "simulator/metrics/metrics.h"
#include "simulator/scenario/scenario.h"

namespace replsim::calibrate_test {
namespace {

using testing::HasSubstr;

constexpr char kSteady[] =
    "name: steady\nseed: 3\nduration: 30s\nreplication: {preset: semi-sync}\n"
    "workload:\n  clients: 64\n  arrival: {rate: 250/s}\n  mix: {write: 1}\n";

proto::Scenario Load(const std::string& more, uint64_t seed = 3,
                     const std::vector<std::string>& sets = {}) {
  std::vector<std::string> all = sets;
  all.push_back(absl::StrCat("seed=", seed));
  const auto loaded = LoadScenarioText(absl::StrCat(kSteady, more), "t.yaml", all, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->variants.front().scenario : proto::Scenario();
}

Recording Record(const proto::Scenario& scenario) {
  absl::StatusOr<Recording> recording = RunVirtualInMemory(scenario, nullptr);
  EXPECT_TRUE(recording.ok()) << recording.status();
  return *std::move(recording);
}

MachineFit Fit(const proto::Scenario& scenario) {
  absl::StatusOr<MachineFit> fit = FitMachine(Record(scenario), scenario);
  EXPECT_TRUE(fit.ok()) << fit.status();
  return fit.ok() ? *std::move(fit) : MachineFit();
}

const FittedPart& Part(const MachineFit& fit, const std::string& name) {
  for (const FittedPart& part : fit.parts) {
    if (part.name == name) return part;
  }
  ADD_FAILURE() << "no part " << name;
  return fit.parts.front();
}

void ExpectQuantile(const MachineFit& fit, const std::string& part, double at, double us) {
  EXPECT_NEAR(static_cast<double>(Part(fit, part).measured.Quantile(at)) / 1e3, us, 0.05 * us)
      << part << " at " << at << "\n"
      << FitTable(fit);
}

// Returns {exponential: {mean: `mean`}, plus: `plus`}.
double Exponential(double mean, double plus, double at) { return plus - mean * std::log(1 - at); }

TEST(Calibrate, ConstantsComeBack) {
  const MachineFit fit =
      Fit(Load("machine: {hop: 240us, flush: 700us, write: 10us, wake: 30us, work: 5us}\n"));
  for (const char* hop : {"hop", "hops.request", "hops.answer", "hops.records", "hops.ack"}) {
    ExpectQuantile(fit, hop, 0.5, 240);
    ExpectQuantile(fit, hop, 0.99, 240);
  }
  for (const char* flush : {"flush", "replica_flush"}) {
    ExpectQuantile(fit, flush, 0.5, 700);
    ExpectQuantile(fit, flush, 0.99, 700);
  }
  EXPECT_NEAR(static_cast<double>(fit.machine.wake().ns()), 30e3, 1.5e3);
  EXPECT_NEAR(static_cast<double>(fit.machine.write().plus().ns()), 10e3, 0.5e3);
  EXPECT_NEAR(static_cast<double>(fit.machine.work().ns()), 5e3, 0.25e3);
}

TEST(Calibrate, AnAnswerThatWaitsForNoFlushLeavesBehindTheWrite) {
  const MachineFit fit =
      Fit(Load("machine: {hop: 240us, write: 60us}\n", 3, {"replication.preset=async"}));
  ExpectQuantile(fit, "hops.answer", 0.5, 240);
  ExpectQuantile(fit, "hops.answer", 0.99, 240);
}

constexpr char kSpread[] =
    "machine:\n  wake: 20us\n  write: 10us\n"
    "  flush: {exponential: {mean: 200us}, plus: 300us}\n"
    "  replica_flush: {exponential: {mean: 300us}, plus: 200us}\n"
    "  hops:\n    request: {exponential: {mean: 150us}, plus: 100us}\n"
    "    answer: {exponential: {mean: 80us}, plus: 60us}\n"
    "    records: {exponential: {mean: 200us}, plus: 150us}\n"
    "    ack: {exponential: {mean: 60us}, plus: 90us}\n";

TEST(Calibrate, DistributionsComeBackWithTheirTails) {
  const MachineFit fit = Fit(Load(kSpread));
  for (const double at : {0.5, 0.9, 0.99}) {
    ExpectQuantile(fit, "flush", at, Exponential(200, 300, at));
    ExpectQuantile(fit, "replica_flush", at, Exponential(300, 200, at));
    ExpectQuantile(fit, "hops.request", at, Exponential(150, 100, at));
    ExpectQuantile(fit, "hops.answer", at, Exponential(80, 60, at));
    ExpectQuantile(fit, "hops.records", at, Exponential(200, 150, at));
    ExpectQuantile(fit, "hops.ack", at, Exponential(60, 90, at));
  }
}

TEST(Calibrate, WhatLinksAddIsNoHop) {
  const MachineFit fit = Fit(Load(
      "network:\n  - {from: p, to: [r1, r2], delay: 5ms}\n  - {from: [r1, r2], to: p, delay: 3ms}\n"
      "machine: {hop: 240us}\n"));
  ExpectQuantile(fit, "hops.records", 0.5, 240);
  ExpectQuantile(fit, "hops.ack", 0.5, 240);
  const MachineFit jitter =
      Fit(Load("network:\n  - {from: p, to: [r1, r2], delay: 5ms, jitter: 1ms}\n"));
  EXPECT_EQ(Part(jitter, "hops.records").unfitted, "not recorded")
      << "a delay that varies cannot be told from a hop";
}

TEST(Calibrate, ARunWithTheFittedMachineShowsTheSameLatenciesAndLags) {
  const proto::Scenario original = Load(kSpread);
  proto::Scenario again = Load("", 4);
  *again.mutable_machine() = Fit(original).machine;
  const proto::RunReport a = AnalyzeRun(Record(original)).report;
  const proto::RunReport b = AnalyzeRun(Record(again)).report;
  for (const char* name :
       {"write_p50_ms", "write_p99_ms", "apply_lag_p99_ms.r1", "apply_lag_p99_ms.r2"}) {
    const absl::StatusOr<Metric> metric = FindMetric(name);
    ASSERT_TRUE(metric.ok()) << metric.status();
    const double recorded = metric->Get(a).value_or(0);
    ASSERT_GT(recorded, 0) << name;
    EXPECT_NEAR(metric->Get(b).value_or(0), recorded, 0.05 * recorded) << name;
  }
}

TEST(Calibrate, TheMachineReadsBackFromItsText) {
  const MachineFit fit = Fit(Load(kSpread));
  const std::string yaml = MachineYaml(fit, "runs/steady/latest");
  const proto::Scenario read = Load(yaml);
  EXPECT_EQ(read.machine().SerializeAsString(), fit.machine.SerializeAsString()) << yaml;
}

TEST(Calibrate, WhatAFaultDisturbsIsLeftOut) {
  const MachineFit fit =
      Fit(Load("faults:\n  - {when: {at: 10s}, do: set-link, from: p, to: [r1, r2], delay: 50ms}\n"
               "machine: {hop: 240us}\n"));
  ExpectQuantile(fit, "hops.records", 0.99, 240);
  EXPECT_LT(Part(fit, "hops.request").measured.samples(), 3000u) << "of 7,500";
}

TEST(Calibrate, ARecordingThatShowsTooLittleIsRefused) {
  const proto::Scenario reads = Load("", 3, {"workload.mix={read: 1}"});
  EXPECT_THAT(std::string(FitMachine(Record(reads), reads).status().message()),
              HasSubstr("record a longer run of a scenario without faults and with writes"));
  const proto::Scenario untraced = Load("cluster: {record: false}\n");
  EXPECT_THAT(std::string(FitMachine(Record(untraced), untraced).status().message()),
              HasSubstr("node p has no stage trace; run the scenario again with cluster.record"));
}

}  // namespace
}  // namespace replsim::calibrate_test
