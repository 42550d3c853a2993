// A system that reports only some stages: figures of an absent stage are absent, never 0.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "simulator/analysis/evidence/evidence_table.h"

namespace replsim::partial_evidence_test {
namespace {

using testing::ElementsAre;

proto::Manifest ManifestWith(proto::Source flush) {
  proto::Manifest manifest;
  proto::Manifest::Evidence& evidence = *manifest.mutable_evidence();
  for (const auto set :
       {&proto::Manifest::Evidence::set_positions, &proto::Manifest::Evidence::set_logs,
        &proto::Manifest::Evidence::set_digests, &proto::Manifest::Evidence::set_epochs,
        &proto::Manifest::Evidence::set_settings, &proto::Manifest::Evidence::set_processes}) {
    (evidence.*set)(proto::EXACT);
  }
  proto::Manifest::Evidence::Node& node = *evidence.add_nodes();
  node.set_node("r1");
  node.set_receive(proto::EXACT);
  node.set_write(proto::EXACT);
  node.set_flush(flush);
  node.set_apply(proto::EXACT);
  return manifest;
}

proto::RunReport Report() {
  proto::RunReport report;
  for (const char* const stage : {"receive", "flush", "apply"}) {
    proto::RunReport::Lag& lag = *report.add_lag();
    lag.set_replica("r1");
    lag.set_stage(stage);
  }
  report.mutable_io()->mutable_exposed_entries()->set_max(0);
  report.mutable_io()->set_device_bytes(0);
  return report;
}

std::vector<std::string> Stages(const proto::RunReport& report) {
  std::vector<std::string> stages;
  for (const proto::RunReport::Lag& lag : report.lag()) stages.push_back(lag.stage());
  return stages;
}

TEST(PartialEvidence, WithoutFlushesThereIsNoFlushLagAndNothingAtRisk) {
  proto::RunReport report = Report();
  ApplyEvidence(ManifestWith(proto::ABSENT), {}, report);
  EXPECT_THAT(Stages(report), ElementsAre("receive", "apply"));
  EXPECT_FALSE(report.io().has_exposed_entries());
  EXPECT_FALSE(report.io().has_device_bytes());
  ASSERT_EQ(report.absent_size(), 1);
  EXPECT_THAT(report.absent(0).what(), ElementsAre("writes at risk", "disk I/O"));
}

TEST(PartialEvidence, WithEveryStageNothingIsAbsent) {
  proto::RunReport report = Report();
  ApplyEvidence(ManifestWith(proto::EXACT), {}, report);
  EXPECT_THAT(Stages(report), ElementsAre("receive", "flush", "apply"));
  EXPECT_TRUE(report.io().has_exposed_entries());
  EXPECT_EQ(report.absent_size(), 0);
}

}  // namespace
}  // namespace replsim::partial_evidence_test
