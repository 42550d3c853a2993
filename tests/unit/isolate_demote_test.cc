// The faults that isolate a node and that demote a primary.
#include "gmock/gmock.h"
#include "tests/unit/fault_schedule_fixture.h"

namespace replsim::isolate_demote_test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using IsolateDemoteTest = FaultScheduleTest;

TEST_F(IsolateDemoteTest, AnIsolatedNodeIsPartitionedFromAllOthersAndFromTheClients) {
  cluster.leader = NodeId("r1");
  Begin(R"(faults { when { at { ns: 0 } } do: ISOLATE node: "primary" for { ns: 5000000 } }
           faults { when { at { ns: 8000000 } } do: ISOLATE node: "p" }
           faults { when { at { ns: 9000000 } } do: HEAL from: "p" to: "r2" to: "client" })");
  scheduler.RunFor(Millis(1));
  EXPECT_THAT(cluster.calls, ElementsAre("cut r1>p", "cut p>r1", "cut r1>r2", "cut r2>r1",
                                         "cut r1>client", "cut client>r1"));
  cluster.calls.clear();
  cluster.leader = NodeId("r2");
  scheduler.RunFor(Millis(5));
  EXPECT_THAT(cluster.calls, ElementsAre("heal r1>p", "heal p>r1", "heal r1>r2", "heal r2>r1",
                                         "heal r1>client", "heal client>r1"));
  scheduler.RunFor(Millis(2));
  cluster.calls.clear();
  scheduler.RunFor(Millis(1));
  EXPECT_THAT(cluster.calls,
              ElementsAre("heal p>r2", "heal r2>p", "heal p>client", "heal client>p"));
  cluster.calls.clear();
  EXPECT_TRUE(HealAll().ok());
  EXPECT_THAT(cluster.calls, ElementsAre("heal p>r1", "heal r1>p"));
}

TEST_F(IsolateDemoteTest, ADemotionIsOfThePrimaryOnly) {
  cluster.fault_takes = Millis(2);
  Begin(R"(faults { when { at { ns: 1000000 } } do: DEMOTE node: "primary" }
           faults { when { at { ns: 5000000 } } do: DEMOTE node: "r1" })");
  scheduler.RunFor(Millis(9));
  EXPECT_THAT(cluster.calls, ElementsAre("demote p"));
  EXPECT_THAT(Events(), ElementsAre("3ms #1 DEMOTED p"));
  EXPECT_EQ(events[0].begun_ns(), ToNanos(*begin + Millis(1)));
  EXPECT_THAT(faults->Unfired(), ElementsAre(HasSubstr("did not happen: r1 does not lead")));
}

TEST_F(IsolateDemoteTest, TheEndOfAnIsolationLeavesAnotherFaultOfTheNode) {
  Begin(R"(faults { when { at { ns: 0 } } do: SLOW_DISK node: "p" stall { ns: 9 } }
           faults { when { at { ns: 0 } } do: ISOLATE node: "p" for { ns: 1000000 } })");
  scheduler.RunFor(Millis(3));
  EXPECT_THAT(cluster.calls, Contains("heal p>r1"));
  EXPECT_THAT(cluster.calls, Not(Contains(HasSubstr("heal: true"))));
}

}  // namespace
}  // namespace replsim::isolate_demote_test
