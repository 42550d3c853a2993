// A file of a run that reached its end is missing or lacks records: what depends on it is unknown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/analysis/run_report.h"
#include "simulator/analysis/verdict.h"
#include "tests/unit/report_runs.h"

namespace replsim::damaged_recording_test {
namespace {

using ::testing::HasSubstr;

proto::Report ReportOf(const Recording& recording) {
  proto::Report report;
  *report.add_runs() = AnalyzeRun(recording).report;
  return report;
}

TEST(DamagedRecording, WithoutAllOfItsHistoryNothingIsSaidOfAnswers) {
  Recording recording = LosingRun().Done();
  EXPECT_EQ(ReportOf(recording).runs(0).writes().acked_lost(), 1u);
  recording.history_is_damaged = true;
  const proto::Report report = ReportOf(recording);
  const proto::RunReport& run = report.runs(0);
  EXPECT_FALSE(run.writes().has_acked_lost());
  EXPECT_FALSE(run.has_latency_us());
  EXPECT_FALSE(run.availability().has_unavailable_ms());
  EXPECT_EQ(ExitStatus(report), 2);
  ASSERT_EQ(run.absent_size(), 1);
  EXPECT_THAT(run.absent(0).why(), HasSubstr("lacks operations"));
}

TEST(DamagedRecording, WithoutTheTraceOfANodeNothingIsSaidOfStagesAndLeaders) {
  Recording recording = LosingRun().Done();
  EXPECT_TRUE(ReportOf(recording).runs(0).has_primary_states());
  recording.nodes[1].trace.reset();
  const proto::Report report = ReportOf(recording);
  EXPECT_FALSE(report.runs(0).has_primary_states());
  EXPECT_EQ(report.runs(0).lag_size(), 0);
  EXPECT_FALSE(report.runs(0).availability().has_rto_ms());
  EXPECT_EQ(report.runs(0).writes().acked_lost(), 1u) << "the logs tell";
}

TEST(DamagedRecording, ARunThatGoesOnHasTheTracesThatItHas) {
  Recording recording = LosingRun().Done();
  recording.manifest.set_complete(false);
  recording.nodes[1].trace.reset();
  EXPECT_TRUE(ReportOf(recording).runs(0).has_primary_states());
}

}  // namespace
}  // namespace replsim::damaged_recording_test
