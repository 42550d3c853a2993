#include "simulator/cluster/managed/node_reports.h"

#include <gtest/gtest.h>

#include <vector>

namespace replsim::node_reports_test {
namespace {

const NodeId kNode("r1");
constexpr Instant kThen = FromNanos(5'000'000);

TEST(NodeReports, StartsAndDeathsAreEventsOfTheRun) {
  std::vector<proto::RunEvent> events;
  NodeReports reports;
  reports.OnEvent([&](const proto::RunEvent& event) { events.push_back(event); });
  reports.Started(kNode, /*as_primary=*/true, kThen);
  reports.Started(kNode, /*as_primary=*/false, kThen);
  reports.Died(kNode, "exit status 70", kThen + Millis(1));

  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].kind(), proto::RunEvent::STARTED);
  EXPECT_EQ(events[0].detail(), "primary");
  EXPECT_EQ(events[1].detail(), "replica");
  EXPECT_EQ(events[2].kind(), proto::RunEvent::EXITED);
  EXPECT_EQ(events[2].node(), "r1");
  EXPECT_EQ(events[2].detail(), "exit status 70");
  EXPECT_EQ(events[2].time_ns(), 6'000'000);
}

TEST(NodeReports, ADiskThatFailedIsToldToItsCallbackAndIsNoEvent) {
  int events = 0;
  std::string told;
  NodeReports reports;
  reports.OnEvent([&](const proto::RunEvent&) { ++events; });
  EXPECT_FALSE(reports.DiskFailed(kNode, "EIO", kThen)) << "there is no callback yet";
  reports.OnNodeFailed([&](const NodeId& node, const std::string& why, Instant when) {
    EXPECT_EQ(node, kNode);
    EXPECT_EQ(when, kThen);
    told = why;
  });
  EXPECT_TRUE(reports.DiskFailed(kNode, "EIO", kThen));
  EXPECT_EQ(told, "EIO");
  EXPECT_EQ(events, 0);
}

TEST(NodeReports, WithoutACallbackAReportIsDropped) {
  NodeReports reports;
  reports.Started(kNode, true, kThen);
  reports.FailpointFired(kNode, true, kThen);
  bool paused = false;
  reports.OnFailpointFired([&](const NodeId&, bool pause, Instant) { paused = pause; });
  reports.FailpointFired(kNode, /*pause=*/true, kThen);
  EXPECT_TRUE(paused);
}

}  // namespace
}  // namespace replsim::node_reports_test
