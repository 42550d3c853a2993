#include "gmock/gmock.h"
#include "tests/unit/fault_schedule_fixture.h"

namespace replsim::fault_schedule_test {
namespace {

using proto::RunEvent;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Property;

TEST_F(FaultScheduleTest, AtCountsFromTheBeginOfTheLoad) {
  Begin(R"(faults { when { at { ns: 250000000 } } do: KILL node: "r1" })");
  scheduler.RunFor(Millis(249));
  EXPECT_THAT(cluster.calls, IsEmpty());
  scheduler.RunFor(Millis(1));
  EXPECT_THAT(cluster.calls, ElementsAre("kill r1"));
  EXPECT_THAT(Events(), ElementsAre("250ms #1 KILLED r1"));
}

TEST_F(FaultScheduleTest, CommittedWaitsForThatManyWrites) {
  Begin(R"(faults { when { committed: 3 } do: KILL node: "p" }
           faults { when { committed: 2 } do: PAUSE node: "r1" })");
  faults->OnCommitted(1);
  EXPECT_THAT(cluster.calls, IsEmpty());
  faults->OnCommitted(2);
  faults->OnCommitted(3);
  faults->OnCommitted(4);
  EXPECT_THAT(cluster.calls, ElementsAre("pause r1", "kill p"));
}

TEST_F(FaultScheduleTest, AfterPreviousCountsFromWhenThePreviousWasDone) {
  cluster.fault_takes = Millis(30);
  Begin(R"(faults { when { at { ns: 100000000 } } do: KILL node: "p" }
           faults { when { after_previous { ns: 500000000 } } do: PROMOTE node: "best" }
           faults { when { after_previous { ns: 10000000 } } do: RESTART node: "p" })");
  scheduler.RunFor(Millis(700));
  EXPECT_THAT(Events(), ElementsAre("130ms #1 KILLED p", "630ms #2 PROMOTE_BEGIN ",
                                    "660ms #2 PROMOTED p", "700ms #3 RESTARTED p"));
  EXPECT_THAT(cluster.calls, ElementsAre("kill p", "promote best", "restart p"));
}

TEST_F(FaultScheduleTest, PrimaryIsWhoeverLeadsWhenTheFaultHappens) {
  Begin(R"(faults { when { at { ns: 1000000 } } do: KILL node: "primary" })");
  cluster.leader = NodeId("r2");
  scheduler.RunFor(Millis(1));
  EXPECT_THAT(cluster.calls, ElementsAre("kill r2"));
}

TEST_F(FaultScheduleTest, TheLoadBeginsWhenEveryFailpointIsArmed) {
  cluster.fault_takes = Millis(5);
  const Instant start = scheduler.Now();
  Begin(R"(faults { when { point: "after-primary.ack" hit: 3000 } do: KILL node: "primary" }
           faults { when { point: "before-replica.flush" lsn: 7 } do: PAUSE node: "r1" })");
  EXPECT_EQ(*begin, start + Millis(5));
  EXPECT_THAT(cluster.calls, ElementsAre("arm after-primary.ack hit 3000 lsn 0 kill p",
                                         "arm before-replica.flush hit 0 lsn 7 pause r1"));
  EXPECT_THAT(Events(), ElementsAre("0ms #1 FAULT_ARMED p", "0ms #2 FAULT_ARMED r1"));
}

TEST_F(FaultScheduleTest, AFailpointHappensWhenTheClusterSaysSoAndAtThatTime) {
  Begin(R"(faults { when { point: "after-primary.ack" hit: 3 } do: KILL node: "p" }
           faults { when { after_previous { ns: 20000000 } } do: PROMOTE node: "best" })");
  scheduler.RunFor(Millis(55));
  cluster.failpoint_fired(NodeId("p"), false, *begin + Millis(50));
  scheduler.RunFor(Millis(15));
  EXPECT_THAT(Events(), ElementsAre("0ms #1 FAULT_ARMED p", "50ms #1 KILLED p",
                                    "70ms #2 PROMOTE_BEGIN ", "70ms #2 PROMOTED p"));
  EXPECT_THAT(faults->Unfired(), IsEmpty());
}

TEST_F(FaultScheduleTest, OfTwoFailpointsOnOneNodeTheOneThatFiredHappens) {
  Begin(R"(faults { when { point: "after-primary.ack" hit: 3 } do: KILL node: "p" }
           faults { when { point: "after-primary.ack" hit: 1 } do: PAUSE node: "p" })");
  cluster.failpoint_fired(NodeId("p"), /*pause=*/true, *begin + Millis(50));
  EXPECT_THAT(faults->Unfired(), ElementsAre(HasSubstr("fault 1 (kill p")));
}

TEST_F(FaultScheduleTest, AFailpointIsArmedAgainOnANodeThatAFaultRestarts) {
  Begin(R"(faults { when { at { ns: 1000000 } } do: KILL node: "r1" }
           faults { when { after_previous { ns: 1000000 } } do: RESTART node: "r1" }
           faults { when { point: "after-replica.apply" hit: 9 } do: KILL node: "r1" })");
  scheduler.RunFor(Millis(5));
  EXPECT_THAT(cluster.calls,
              ElementsAre("arm after-replica.apply hit 9 lsn 0 kill r1", "kill r1", "restart r1",
                          "arm after-replica.apply hit 9 lsn 0 kill r1"));
}

TEST_F(FaultScheduleTest, ACutIsBothWaysUnlessOneWay) {
  Begin(R"(faults { when { at { ns: 0 } } do: PARTITION from: "p" to: "r1" to: "r2" }
           faults { when { at { ns: 1 } } do: HEAL from: "r1" to: "p" one_way: true })");
  scheduler.RunFor(Millis(1));
  EXPECT_THAT(cluster.calls,
              ElementsAre("cut p>r1", "cut r1>p", "cut p>r2", "cut r2>p", "heal r1>p"));
  EXPECT_THAT(Events(), ElementsAre("0ms #1 LINK_PARTITIONED p>r1", "0ms #1 LINK_PARTITIONED r1>p",
                                    "0ms #1 LINK_PARTITIONED p>r2", "0ms #1 LINK_PARTITIONED r2>p",
                                    "0ms #2 LINK_HEALED r1>p"));
}

TEST_F(FaultScheduleTest, HealAllRepairsEverythingAndLeadsWithThePrimary) {
  Begin(R"(network { from: "p" to: "r1" delay { plus { ns: 20 } } jitter { ns: 2 }
                     bandwidth { bits_per_second: 800 } }
           faults { when { at { ns: 0 } } do: SET_LINK
                    from: "p" to: "r1" delay { plus { ns: 9 } } }
           faults { when { at { ns: 0 } } do: SET_LINK
                    from: "client" to: "r2" delay { exponential { mean { ns: 9 } } } }
           faults { when { at { ns: 0 } } do: PARTITION from: "r1" to: "r2" one_way: true }
           faults { when { at { ns: 0 } } do: SLOW_APPLY node: "r2" apply_delay { ns: 1000 } }
           faults { when { at { ns: 0 } } do: PAUSE node: "r2" }
           faults { when { at { ns: 0 } } do: KILL node: "p" }
           faults { when { at { ns: 0 } } do: KILL node: "r1" })");
  scheduler.RunFor(Millis(1));
  cluster.calls.clear();
  cluster.leader = NodeId("r1");
  EXPECT_TRUE(HealAll().ok());
  EXPECT_THAT(cluster.calls,
              ElementsAre("heal r1>r2", "link client>r2 0+0ns", "link p>r1 20+2ns 800bit/s",
                          "resume r2", "restart r1", "restart p", "slow 0ns r2"));
}

TEST_F(FaultScheduleTest, AFaultRepeatsAndEndsByItself) {
  Begin(R"(faults { when { at { ns: 10000000 } } do: PAUSE node: "r1"
                    every { ns: 50000000 } times: 2 for { ns: 20000000 } })");
  scheduler.RunFor(Millis(200));
  EXPECT_THAT(Events(), ElementsAre("10ms #1 PAUSED r1", "30ms #1 RESUMED r1", "60ms #1 PAUSED r1",
                                    "80ms #1 RESUMED r1"));
  EXPECT_THAT(faults->Unfired(), IsEmpty());
  EXPECT_TRUE(HealAll().ok());
}

TEST_F(FaultScheduleTest, ItDoesNotBeginAgainBeforeItsEndIsDone) {
  cluster.fault_takes = Millis(40);
  Begin(R"(faults { when { at { ns: 0 } } do: KILL node: "r1"
                    every { ns: 50000000 } for { ns: 30000000 } })");
  scheduler.RunFor(Millis(160));
  EXPECT_THAT(Events(),
              ElementsAre("40ms #1 KILLED r1", "110ms #1 RESTARTED r1", "150ms #1 KILLED r1"));
}

TEST_F(FaultScheduleTest, WhatFollowsOneThatRepeatsFollowsEachTime) {
  Begin(R"(faults { when { committed: 1 } do: KILL node: "r1" every { ns: 50000000 } times: 2 }
           faults { when { after_previous { ns: 20000000 } } do: RESTART node: "r1" })");
  faults->OnCommitted(1);
  faults->OnCommitted(2);
  scheduler.RunFor(Millis(100));
  EXPECT_THAT(cluster.calls, ElementsAre("kill r1", "restart r1", "kill r1", "restart r1"));
  EXPECT_THAT(faults->Unfired(), IsEmpty());
}

TEST_F(FaultScheduleTest, OneThatDidNotHappenOftenEnoughIsSaid) {
  Begin(R"(faults { when { at { ns: 0 } } do: RESET from: "p" to: "r1"
                    every { ns: 50000000 } times: 3 })");
  scheduler.RunFor(Millis(60));
  EXPECT_TRUE(HealAll().ok());
  EXPECT_THAT(cluster.calls, ElementsAre("reset p>r1", "reset p>r1"));
  EXPECT_THAT(faults->Unfired(),
              ElementsAre("fault 1 (reset p → r1 at 0s every 50ms, 3 times) happened 2 of 3 times: "
                          "the load ended first"));
}

TEST_F(FaultScheduleTest, WhatCannotBeDoneAgainIsSaid) {
  Begin(R"(faults { when { at { ns: 0 } } do: KILL node: "r1" every { ns: 50000000 } times: 2 })");
  scheduler.RunFor(Millis(10));
  cluster.fail["kill r1"] = absl::FailedPreconditionError("r1 is not running");
  scheduler.RunFor(Millis(100));
  EXPECT_THAT(
      faults->Unfired(),
      ElementsAre("fault 1 (kill r1 at 0s every 50ms, 2 times) happened 1 of 2 times: r1 is "
                  "not running"));
  EXPECT_THAT(faults->Missing(), IsEmpty()) << "it has happened";
}

TEST_F(FaultScheduleTest, WhatAnotherFaultHasEndedIsNotEndedAgain) {
  Begin(R"(faults { when { at { ns: 0 } } do: PAUSE node: "r1" for { ns: 50000000 } }
           faults { when { at { ns: 10000000 } } do: RESUME node: "r1" })");
  scheduler.RunFor(Millis(100));
  EXPECT_THAT(cluster.calls, ElementsAre("pause r1", "resume r1"));
  EXPECT_THAT(faults->Unfired(), IsEmpty());
}

TEST_F(FaultScheduleTest, AFailpointsFaultEndsByItselfToo) {
  Begin(R"(faults { when { point: "after-primary.ack" hit: 3 } do: PAUSE node: "p"
                    for { ns: 20000000 } })");
  cluster.failpoint_fired(NodeId("p"), /*pause=*/true, *begin + Millis(0));
  scheduler.RunFor(Millis(30));
  EXPECT_THAT(Events(),
              ElementsAre("0ms #1 FAULT_ARMED p", "0ms #1 PAUSED p", "20ms #1 RESUMED p"));
}

TEST_F(FaultScheduleTest, ALinkThatFlapsIsPartitionedForAShareOfEachPeriod) {
  Begin(R"(faults { when { at { ns: 0 } } do: FLAP from: "p" to: "r1" one_way: true
                    period { ns: 40000000 } share: 0.25 for { ns: 90000000 } })");
  scheduler.RunFor(Millis(200));
  EXPECT_THAT(Events(), ElementsAre("0ms #1 FLAPPING p>r1", "0ms #1 LINK_PARTITIONED p>r1",
                                    "10ms #1 LINK_HEALED p>r1", "40ms #1 LINK_PARTITIONED p>r1",
                                    "50ms #1 LINK_HEALED p>r1", "80ms #1 LINK_PARTITIONED p>r1",
                                    "90ms #1 FLAP_ENDED p>r1", "90ms #1 LINK_HEALED p>r1"));
}

TEST_F(FaultScheduleTest, HealAllEndsFlapsAndSlownessAndWrongClocks) {
  Begin(R"(faults { when { at { ns: 0 } } do: FLAP from: "p" to: "r1" one_way: true
                    period { ns: 40000000 } share: 0.5 }
           faults { when { at { ns: 0 } } do: SLOW_NODE node: "r1" share: 0.25 }
           faults { when { at { ns: 0 } } do: CLOCK_SKEW node: "r2"
                    offset { ns: 5 } drift: 0.5 })");
  scheduler.RunFor(Millis(1));
  EXPECT_THAT(cluster.calls, ElementsAre("cut p>r1", "share 0.25 r1", "clock 5ns 0.5 r2"));
  cluster.calls.clear();
  EXPECT_TRUE(HealAll().ok());
  EXPECT_THAT(cluster.calls, ElementsAre("heal p>r1", "share 1 r1", "clock 0ns 0 r2"));
}

TEST_F(FaultScheduleTest, ALinkThatWasSetGoesBackToTheNetwork) {
  Begin(R"(network { from: "p" to: "r1" delay { plus { ns: 20 } } loss: 0.5 }
           faults { when { at { ns: 0 } } do: SET_LINK from: "p" to: "r1"
                    delay { plus { ns: 9 } } for { ns: 1000000 } })");
  scheduler.RunFor(Millis(2));
  EXPECT_THAT(cluster.calls, ElementsAre("link p>r1 9+0ns", "link p>r1 20+0ns loss 0.5"));
}

TEST_F(FaultScheduleTest, HealAllSaysWhatItDid) {
  Begin(R"(faults { when { at { ns: 0 } } do: PAUSE node: "r2" })");
  scheduler.RunFor(Millis(2));
  EXPECT_TRUE(HealAll().ok());
  EXPECT_THAT(Events(), ElementsAre("0ms #1 PAUSED r2", "2ms #0 HEAL_BEGIN ", "2ms #0 RESUMED r2"));
}

TEST_F(FaultScheduleTest, AKilledNodeThatWasPausedIsRestartedNotResumed) {
  Begin(R"(faults { when { at { ns: 0 } } do: PAUSE node: "r1" }
           faults { when { at { ns: 1000 } } do: KILL node: "r1" })");
  scheduler.RunFor(Millis(1));
  cluster.calls.clear();
  EXPECT_TRUE(HealAll().ok());
  EXPECT_THAT(cluster.calls, ElementsAre("restart r1"));
}

TEST_F(FaultScheduleTest, HealAllWaitsForAFaultUnderWayAndStartsNoOther) {
  cluster.fault_takes = Millis(30);
  Begin(R"(faults { when { at { ns: 1000000 } } do: KILL node: "r1" }
           faults { when { after_previous { ns: 0 } } do: KILL node: "r2" })");
  EXPECT_TRUE(HealAll().ok());
  EXPECT_THAT(cluster.calls, ElementsAre("kill r1", "restart r1"));
  EXPECT_THAT(faults->Unfired(), ElementsAre(HasSubstr("fault 2 (kill r2 0s after")));
}

TEST_F(FaultScheduleTest, AFailpointThatFiresAfterHealingIsRepairedAtOnce) {
  Begin(R"(faults { when { point: "after-replica.apply" hit: 9 } do: KILL node: "r1" })");
  EXPECT_TRUE(HealAll().ok());
  cluster.calls.clear();
  cluster.failpoint_fired(NodeId("r1"), false, scheduler.Now());
  scheduler.Settle();
  EXPECT_THAT(cluster.calls, ElementsAre("restart r1"));
}

TEST_F(FaultScheduleTest, WhatCannotBeHealedIsSaidAndDoesNotStopTheRest) {
  Begin(R"(faults { when { at { ns: 0 } } do: KILL node: "p" }
           faults { when { at { ns: 0 } } do: KILL node: "r1" })");
  scheduler.RunFor(Millis(1));
  cluster.fail["restart p"] = absl::InternalError("its log is torn");
  const absl::Status status = HealAll();
  EXPECT_THAT(std::string(status.message()), HasSubstr("restart p: its log is torn"));
  EXPECT_EQ(cluster.calls.back(), "restart r1");
}

TEST_F(FaultScheduleTest, ABrokenDiskIsHealedBeforeItsNodeIsRestarted) {
  Begin(R"(faults { when { at { ns: 0 } } do: DISK_FULL node: "r1" bytes { bytes: 9 } }
           faults { when { at { ns: 1000000 } } do: POWER_LOSS node: "r1" torn: true })");
  scheduler.RunFor(Millis(2));
  EXPECT_THAT(cluster.calls, ElementsAre("disk {bytes_left: 9} r1", "power-loss torn r1"));
  EXPECT_THAT(events, Contains(Property(&RunEvent::kind, RunEvent::POWER_LOST)));
  cluster.calls.clear();
  EXPECT_TRUE(HealAll().ok());
  EXPECT_THAT(cluster.calls, ElementsAre("disk {heal: true} r1", "restart r1"));
}

TEST_F(FaultScheduleTest, ANodeThatEndedItselfIsRestartedAtTheEnd) {
  Begin(R"(faults { when { at { ns: 0 } } do: FSYNC_ERROR node: "r2" flushes: 1 })");
  scheduler.RunFor(Millis(1));
  cluster.node_failed(NodeId("r2"), "flush: Input/output error", scheduler.Now());
  EXPECT_THAT(events, Contains(Property(&RunEvent::kind, RunEvent::FAILED)));
  EXPECT_TRUE(HealAll().ok());
  EXPECT_EQ(cluster.calls.back(), "restart r2");
}

TEST_F(FaultScheduleTest, APrimaryWhoseDiskForgotIsFollowedByAReplica) {
  Begin(R"(faults { when { at { ns: 0 } } do: BIT_FLIP node: "p" lsn: 7 }
           faults { when { at { ns: 0 } } do: KILL node: "p" })");
  scheduler.RunFor(Millis(1));
  cluster.calls.clear();
  cluster.fail["restart p"] = absl::InternalError("its log is damaged");
  EXPECT_FALSE(HealAll().ok()) << "this one never comes up";
  EXPECT_THAT(cluster.calls, ElementsAre("restart p", "promote best", "restart p"));
}

TEST_F(FaultScheduleTest, PowerLostAtAFailpointHasHappenedWhenTheFilesAreCut) {
  cluster.fault_takes = Millis(5);
  Begin(R"(faults { when { point: "after-replica.write" hit: 9 } do: POWER_LOSS node: "r1" }
           faults { when { after_previous { ns: 0 } } do: RESTART node: "r1" })");
  scheduler.RunFor(Millis(6));
  cluster.calls.clear();
  cluster.failpoint_fired(NodeId("r1"), false, scheduler.Now());
  scheduler.RunFor(Millis(4));
  EXPECT_THAT(cluster.calls, ElementsAre("power-loss r1"));
  scheduler.RunFor(Millis(2));
  EXPECT_THAT(cluster.calls, ElementsAre("power-loss r1", "restart r1"));
}

TEST_F(FaultScheduleTest, EveryFaultThatDidNotHappenIsNamedWithItsReason) {
  cluster.fail["kill r2"] = absl::FailedPreconditionError("r2 is already dead");
  cluster.fail["arm after-primary.ack hit 5 lsn 0 kill r2"] = absl::UnavailableError("r2 is dead");
  Begin(R"(faults { when { at { ns: 60000000000 } } do: KILL node: "r1" }
           faults { when { committed: 100 } do: KILL node: "p" }
           faults { when { after_previous { ns: 1000000 } } do: PROMOTE node: "best" }
           faults { when { point: "after-primary.ack" hit: 4000 } do: KILL node: "p" }
           faults { when { point: "after-primary.ack" hit: 5 } do: KILL node: "r2" }
           faults { when { at { ns: 0 } } do: KILL node: "r2" })");
  scheduler.RunFor(Millis(1));
  faults->OnCommitted(70);
  EXPECT_TRUE(HealAll().ok());
  EXPECT_THAT(
      faults->Unfired(),
      ElementsAre(
          "fault 1 (kill r1 at 60s) did not happen: the load ended first",
          "fault 2 (kill p after 100 committed writes) did not happen: only 70 writes were "
          "committed",
          "fault 3 (promote best 1ms after the previous fault) did not happen: the previous fault "
          "did not happen, or the load ended first",
          "fault 4 (kill p at after-primary.ack, hit 4000) did not happen: p never reached that "
          "point",
          "fault 5 (kill r2 at after-primary.ack, hit 5) did not happen: could not be armed "
          "on r2: r2 is dead",
          "fault 6 (kill r2 at 0s) did not happen: r2 is already dead"));
  EXPECT_EQ(faults->Missing(), faults->Unfired());
}

TEST_F(FaultScheduleTest, OneInjectedByHandHappensAtOnceAndNotAgainWhenItsTimeComes) {
  Begin(R"(faults { when { at { ns: 50000000 } } do: KILL node: "r1" }
           faults { when { after_previous { ns: 10000000 } } do: RESTART node: "r1" })");
  scheduler.RunFor(Millis(20));
  EXPECT_EQ(Inject(1), absl::OkStatus());
  scheduler.RunFor(Millis(100));
  EXPECT_THAT(Events(), ElementsAre("20ms #1 KILLED r1", "30ms #2 RESTARTED r1"))
      << "what follows it follows it";
  EXPECT_THAT(faults->Unfired(), IsEmpty());
}

TEST_F(FaultScheduleTest, OneInjectedByHandIsHealedAtTheEnd) {
  Begin(R"(faults { when { committed: 1000000 } do: PAUSE node: "r1" })");
  EXPECT_EQ(Inject(1), absl::OkStatus());
  EXPECT_TRUE(HealAll().ok());
  EXPECT_THAT(cluster.calls, ElementsAre("pause r1", "resume r1"));
  EXPECT_EQ(Inject(1).code(), absl::StatusCode::kFailedPrecondition) << "all is healed";
}

TEST_F(FaultScheduleTest, OneThatCannotBeInjectedByHandHappensWhenItsTimeComes) {
  cluster.fail["restart r1"] = absl::FailedPreconditionError("r1 is up");
  Begin(R"(faults { when { at { ns: 50000000 } } do: RESTART node: "r1" })");
  EXPECT_EQ(Inject(1).message(), "r1 is up");
  cluster.fail.clear();
  scheduler.RunFor(Millis(100));
  EXPECT_THAT(Events(), ElementsAre("50ms #1 RESTARTED r1"));
}

TEST_F(FaultScheduleTest, WhatCannotBeInjectedByHandIsSaid) {
  cluster.fault_takes = Millis(30);
  Begin(R"(faults { when { point: "after-primary.ack" hit: 9 } do: KILL node: "p" }
           faults { when { at { ns: 50000000 } } do: KILL node: "r1" })");
  EXPECT_EQ(Inject(0).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Inject(3).code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Inject(1).message(), HasSubstr("triggered by its failpoint"));
  scheduler.RunFor(Millis(60));
  EXPECT_THAT(Inject(2).message(), HasSubstr("in progress"));
}

TEST_F(FaultScheduleTest, ATimerThatOutlivesTheScheduleDoesNothing) {
  Begin(R"(faults { when { at { ns: 5000000 } } do: KILL node: "r1" })");
  faults.reset();
  scheduler.RunFor(Millis(10));
  EXPECT_THAT(cluster.calls, IsEmpty());
}

}  // namespace
}  // namespace replsim::fault_schedule_test
