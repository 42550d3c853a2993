// The metrics of --serve at /metrics: operations by outcome, and the faults in force.
#include "simulator/command/served_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "protos/types.pb.h"

namespace replsim::served_metrics_test {
namespace {

using proto::RunEvent;
using testing::HasSubstr;
using testing::Not;

class ServedMetricsTest : public testing::Test {
 protected:
  void Happens(RunEvent::Kind kind, const std::string& node = "", const std::string& peer = "",
               const std::string& detail = "") {
    RunEvent event;
    event.set_time_ns(++now_);
    event.set_kind(kind);
    event.set_node(node);
    event.set_peer(peer);
    event.set_detail(detail);
    ASSERT_TRUE(sink_->Add(event).ok());
  }
  void Ends(bool is_write, proto::Outcome outcome) {
    Operation operation;
    operation.is_write = is_write;
    operation.outcome = static_cast<uint8_t>(outcome);
    ASSERT_TRUE(sink_->Add(operation).ok());
  }
  void NextRun() {
    sink_.reset();
    sink_ = metrics_.CountInto(RecordIntoMemory(&recording_));
  }

  ServedMetrics metrics_;
  Recording recording_;
  std::unique_ptr<RecordingSink> sink_ = metrics_.CountInto(RecordIntoMemory(&recording_));

 private:
  int64_t now_ = 0;
};

TEST_F(ServedMetricsTest, CountsOperationsByOutcomeOverAllRuns) {
  Ends(true, proto::COMMITTED);
  Ends(true, proto::UNKNOWN);
  NextRun();
  Ends(true, proto::COMMITTED);
  Ends(false, proto::REJECTED);
  const std::string text = metrics_.Text();
  EXPECT_THAT(text, HasSubstr("replsim_client_writes_total{outcome=\"committed\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("replsim_client_writes_total{outcome=\"rejected\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("replsim_client_writes_total{outcome=\"unknown\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("replsim_client_reads_total{outcome=\"rejected\"} 1\n"));
  EXPECT_EQ(recording_.operations.size(), 4u) << "the recording has them too";
}

TEST_F(ServedMetricsTest, AFaultIsOneFromItsBeginToItsEnd) {
  EXPECT_THAT(metrics_.Text(), Not(HasSubstr("replsim_fault_active{")));
  const std::string down = "replsim_fault_active{kind=\"down\",node=\"p\"}";
  const std::string paused = "replsim_fault_active{kind=\"paused\",node=\"r1\"}";
  Happens(RunEvent::STARTED, "p");
  Happens(RunEvent::PAUSED, "r1");
  Happens(RunEvent::KILLED, "p");
  EXPECT_THAT(metrics_.Text(), HasSubstr(down + " 1\n"));
  EXPECT_THAT(metrics_.Text(), HasSubstr(paused + " 1\n"));
  Happens(RunEvent::RESTARTED, "p");
  EXPECT_THAT(metrics_.Text(), HasSubstr(down + " 0\n"));
  EXPECT_THAT(metrics_.Text(), HasSubstr(paused + " 1\n"));
  Happens(RunEvent::RESUMED, "r1");
  EXPECT_THAT(metrics_.Text(), HasSubstr(paused + " 0\n"));
  Happens(RunEvent::KILLED, "p");
  EXPECT_THAT(metrics_.Text(), HasSubstr(down + " 1\n"));
}

TEST_F(ServedMetricsTest, AFaultOfALinkNamesBothEndsAndHealingEndsAll) {
  const std::string there = "replsim_fault_active{kind=\"partition\",node=\"p\",peer=\"r1\"}";
  const std::string back = "replsim_fault_active{kind=\"partition\",node=\"r1\",peer=\"p\"}";
  const std::string apply = "replsim_fault_active{kind=\"slow_apply\",node=\"r2\"}";
  Happens(RunEvent::LINK_PARTITIONED, "p", "r1");
  Happens(RunEvent::LINK_PARTITIONED, "r1", "p");
  Happens(RunEvent::APPLY_SLOWED, "r2", "", "100ms");
  EXPECT_THAT(metrics_.Text(), HasSubstr(there + " 1\n"));
  Happens(RunEvent::LINK_HEALED, "p", "r1");
  EXPECT_THAT(metrics_.Text(), HasSubstr(there + " 0\n"));
  EXPECT_THAT(metrics_.Text(), HasSubstr(back + " 1\n"));
  EXPECT_THAT(metrics_.Text(), HasSubstr(apply + " 1\n"));
  Happens(RunEvent::HEAL_BEGIN);
  EXPECT_THAT(metrics_.Text(), HasSubstr(back + " 0\n"));
  EXPECT_THAT(metrics_.Text(), HasSubstr(apply + " 0\n"));
}

TEST_F(ServedMetricsTest, ARunThatEndsEndsItsLoadAndItsFaults) {
  EXPECT_THAT(metrics_.Text(), HasSubstr("replsim_load_active 0\n"));
  Happens(RunEvent::LOAD_BEGIN);
  Happens(RunEvent::DISK_BROKEN, "r1", "", "full");
  EXPECT_THAT(metrics_.Text(), HasSubstr("replsim_load_active 1\n"));
  NextRun();
  EXPECT_THAT(metrics_.Text(), HasSubstr("replsim_load_active 0\n"));
  EXPECT_THAT(metrics_.Text(), HasSubstr("replsim_fault_active{kind=\"disk\",node=\"r1\"} 0\n"));
}

}  // namespace
}  // namespace replsim::served_metrics_test
