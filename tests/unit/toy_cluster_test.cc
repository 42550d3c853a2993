// A foreign system behind the cluster interface: it runs a scenario from start to report and
// refuses unsupported features, and its report has only measured numbers.
#include "tests/unit/toy_cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>

#include "simulator/analysis/run_report.h"
#include "simulator/recording/recording_sink.h"
#include "simulator/report/page/report_page.h"
#include "simulator/report/report_file.h"
#include "simulator/report/text_report.h"
#include "simulator/run/run.h"
#include "simulator/scenario/scenario.h"
#include "tests/unit/manual_scheduler.h"

namespace replsim::toy_cluster_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kScenario[] = R"(name: toy
question: What does a client of the toy see?
duration: 2s
cluster: {replicas: 2}
workload:
  clients: 4
  arrival: {rate: 400/s}
  mix: {write: 1, read: 1}
  keys: {count: 20}
  read_from: any-replica
faults:
  - {when: {at: 500ms}, do: pause, node: r1, for: 300ms}
)";

struct Ended {
  absl::Status status;
  bool started = false;
  Recording recording;
  proto::Scenario scenario;
};

Ended RunToy(const std::string& text) {
  Ended ended;
  const absl::StatusOr<LoadedScenario> loaded = LoadScenarioText(text, "toy.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  ended.scenario = loaded->variants[0].scenario;
  ManualScheduler scheduler;
  ToyCluster cluster(2, &scheduler);
  const auto sink = RecordIntoMemory(&ended.recording);
  RunOptions options;
  options.runtime = cluster.kind();
  Run run(ended.scenario, options, &cluster, &scheduler, Rng(1), sink.get());
  bool over = false;
  run.Begin([&over] { over = true; });
  for (int i = 0; i < 1000 && !over; ++i) scheduler.RunFor(Millis(10));
  EXPECT_TRUE(over);
  ended.status = run.Finish();
  ended.started = cluster.started;
  ended.recording.scenario_yaml = ToYaml(loaded->variants[0]);
  return ended;
}

TEST(ToyCluster, ItsHistoryHasTheValuesThatClientsSawAndNoPositions) {
  const Ended run = RunToy(kScenario);
  ASSERT_TRUE(run.status.ok()) << run.status;
  size_t values = 0;
  for (const Operation& operation : run.recording.operations) {
    if (operation.outcome != proto::COMMITTED) continue;
    EXPECT_EQ(operation.has_position, 0);
    if (operation.is_write) continue;
    ASSERT_TRUE(operation.value().has_value());
    if (operation.value()->empty()) continue;
    ++values;
    const bool written =
        std::any_of(run.recording.operations.begin(), run.recording.operations.end(),
                    [&](const Operation& write) {
                      return write.is_write && write.key == operation.key &&
                             WrittenValue{write.client, write.sequence} == *operation.value();
                    });
    EXPECT_TRUE(written) << ToString(*operation.value());
  }
  EXPECT_GT(values, 100U);
  ASSERT_TRUE(run.recording.nodes[2].final_state.has_value());
  EXPECT_GT(run.recording.nodes[2].final_state->front().value_client, 0U);
}

TEST(ToyCluster, ItsReportHasNoNumberThatNothingMeasured) {
  const Ended run = RunToy(kScenario);
  const RunAnalysis analysis = AnalyzeRun(run.recording, run.scenario);
  const proto::RunReport& report = analysis.report;
  EXPECT_GT(report.writes().committed(), 200U);
  EXPECT_TRUE(report.divergence().converged());
  EXPECT_TRUE(report.divergence().final_states_equal());
  EXPECT_GT(report.consistency().reads(), 200U);
  EXPECT_EQ(report.lag_size(), 0);
  EXPECT_FALSE(report.consistency().has_stale_reads());
  EXPECT_FALSE(report.consistency().has_read_your_writes());
  EXPECT_FALSE(report.writes().has_acked_lost());
  EXPECT_FALSE(report.writes().has_protected_acks());
  EXPECT_FALSE(report.availability().has_failovers());
  EXPECT_FALSE(report.has_elections());
  EXPECT_FALSE(report.availability().has_rpo_writes());
  EXPECT_FALSE(report.divergence().has_digests_equal());
  EXPECT_FALSE(report.divergence().has_truncated_entries());
  EXPECT_FALSE(report.has_promise());
  EXPECT_EQ(report.availability().down_size(), 0);
  for (const auto& knob : report.knobs()) EXPECT_THAT(knob.path(), Not(HasSubstr("replication")));

  const proto::Report whole = BuildReport("toy", "What?", "", {report}, {});
  const std::string text = TextReport(whole);
  const std::string json = ReportJson(whole);
  const std::string page = ReportPage(whole, analysis);
  if (const char* folder = std::getenv("REPLSIM_TOY_OUT")) {
    std::ofstream(std::string(folder) + "/report.txt") << text;
    std::ofstream(std::string(folder) + "/report.json") << json;
    std::ofstream(std::string(folder) + "/report.html") << page;
  }
  for (const std::string& output : {text, json, page}) {
    EXPECT_THAT(output, HasSubstr("this cluster reports no positions"));
    EXPECT_THAT(output, HasSubstr("this cluster records no stage traces"));
  }
  EXPECT_THAT(text, HasSubstr("lag, "));
  for (const char* claim : {"did not arrive", "0:0", "went back in time", "lag laboratory"}) {
    EXPECT_THAT(page, Not(HasSubstr(claim)));
  }
  EXPECT_THAT(text, Not(HasSubstr("promised to survive")));
  // Values and times are all that this takes: its replicas answer reads, and lag.
  EXPECT_FALSE(report.consistency().linearizable().holds());
  EXPECT_GT(report.consistency().linearizable().late_by_ms(), 0);
  EXPECT_THAT(page, HasSubstr("<b>Not linearizable:</b>"));
}

TEST(ToyCluster, IsRefusedAScenarioThatNeedsFailpointsBeforeAnythingStarts) {
  const std::string text = std::string(kScenario) +
                           "  - {when: {point: before-primary.flush, hit: 3}, do: kill, node: p}\n";
  const ClusterKind toy{"toy", {Capability::kPause}};
  const absl::Status refused =
      LoadScenarioText(text, "toy.yaml", {}, {}, Mistakes::kMaxTold, &toy).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("toy.yaml:13:6: faults[1].when (a fault at before-primary.flush) needs "
                        "failpoints, which a toy cluster does not have; nearest alternative: "
                        "pause the node at a time (when: at)"));
  EXPECT_TRUE(LoadScenarioText(kScenario, "toy.yaml", {}, {}, Mistakes::kMaxTold, &toy).ok());

  const Ended run = RunToy(text);
  EXPECT_EQ(run.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(run.status.message()), HasSubstr("needs failpoints"));
  EXPECT_FALSE(run.started);
}

}  // namespace
}  // namespace replsim::toy_cluster_test
