// Which mode: the request, the runs that answer it, and what they say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/choose/choice.h"
#include "simulator/choose/failures.h"
#include "simulator/choose/plan.h"
#include "simulator/choose/request.h"
#include "simulator/explore/draw.h"
#include "simulator/explore/shrunk_file.h"

namespace replsim::choose_test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using How = TrialEnd::How;

ChooseRequest Request() {
  ChooseRequest request;
  request.modes = {"async", "sync"};
  request.round_trips = *ParseRoundTrips("r1=2ms,r2=30ms");
  request.flush = "1ms";
  request.rate = "1000/s";
  request.read_percent = 20;
  request.read_from = "primary";
  request.value_size = "100";
  request.duration = "2s";
  request.failures = FailureNames();
  request.tries = 4;
  request.repeat = 2;
  request.promote_after = "500ms";
  request.outage = "1s";
  return request;
}

std::string FaultsOf(const std::string& failure, uint32_t number, const HealthyFacts& healthy,
                     const ChooseRequest& request = Request()) {
  const absl::StatusOr<Variant> run =
      FailedRun(request, "async", *FindFailure(failure), number, healthy);
  EXPECT_TRUE(run.ok()) << run.status();
  return run.ok() ? FaultLines(run->scenario) : "";
}

TEST(ParseRoundTrips, FillsInThePairsOfReplicas) {
  const auto trips = ParseRoundTrips("r1=0.8ms,r2=35ms,r3=5ms,r1-r2=34ms");
  ASSERT_TRUE(trips.ok()) << trips.status();
  EXPECT_EQ(ReplicasOf(*trips), 3u);
  EXPECT_THAT(
      *trips,
      AllOf(Contains(RoundTrip{"p", "r2", "35ms"}), Contains(RoundTrip{"r1", "r2", "34ms"}),
            Contains(RoundTrip{"r1", "r3", "5ms"}), Contains(RoundTrip{"r2", "r3", "35ms"})));
}

TEST(ParseRoundTrips, QuotesThePartThatIsWrong) {
  const auto error_of = [](const char* text) {
    return std::string(ParseRoundTrips(text).status().message());
  };
  EXPECT_THAT(error_of("r1=1ms,p=2ms"), HasSubstr("'p=2ms': expected a replica"));
  EXPECT_THAT(error_of("r1"), HasSubstr("'r1': expected a replica"));
  EXPECT_THAT(error_of("r1=fast"), HasSubstr("'r1=fast': "));
  EXPECT_THAT(error_of("r1=1ms,r1=2ms"), HasSubstr("this link was already given"));
  EXPECT_THAT(error_of("r1=1ms,r3=2ms"), HasSubstr("the round-trip time of r2 is missing"));
  EXPECT_THAT(error_of("r1=1ms,r1-r1=2ms"), HasSubstr("'r1-r1=2ms'"));
}

TEST(ExpandModes, AFamilyStandsForItsPresets) {
  EXPECT_THAT(*ExpandModes({"redis"}),
              ElementsAre("redis:default", "redis:wait1", "redis:waitaof"));
  EXPECT_THAT(*ExpandModes({}), ElementsAre("async", "semi-sync", "sync", "quorum"));
  EXPECT_THAT(*ExpandModes({"redis:wait1", "redis", "sync"}),
              ElementsAre("redis:wait1", "redis:default", "redis:waitaof", "sync"));
  EXPECT_THAT(std::string(ExpandModes({"postgress"}).status().message()),
              HasSubstr("did you mean 'postgres'?"));
}

TEST(ClientsOf, AreEnoughForTheRateAtTheLongestRoundTrip) {
  ChooseRequest request = Request();
  EXPECT_EQ(ClientsOf(request), 78u) << "1000/s × 2 × (30 ms + 8 flushes + 1 ms)";
  request.rate = "1/s";
  EXPECT_EQ(ClientsOf(request), 16u);
  request.clients = 5;
  EXPECT_EQ(ClientsOf(request), 5u);
}

TEST(HealthyRun, HasTheClusterAndTheLoadOfTheRequest) {
  ChooseRequest request = Request();
  request.sets = {"workload.keys.count=7"};
  const absl::StatusOr<Variant> run = HealthyRun(request, "sync", 1);
  ASSERT_TRUE(run.ok()) << run.status();
  const proto::Scenario& scenario = run->scenario;
  EXPECT_EQ(scenario.seed(), 2u);
  EXPECT_EQ(scenario.cluster().replicas(), 2u);
  EXPECT_EQ(scenario.workload().arrival().rate().per_second(), 1000);
  EXPECT_EQ(scenario.workload().keys().count(), 7u);
  EXPECT_EQ(scenario.replication().preset(), "sync");
  EXPECT_EQ(scenario.faults_size(), 0);
  request.mode_sets["sync"] = {"workload.keys.count=8", "workload.clients=3"};
  EXPECT_EQ(HealthyRun(request, "sync", 1)->scenario.workload().keys().count(), 7u);
  EXPECT_EQ(HealthyRun(request, "sync", 1)->scenario.workload().clients(), 3u);
  EXPECT_EQ(HealthyRun(request, "async", 1)->scenario.workload().clients(), 78u);
  request.sets = {"workload.keys.cuont=7"};
  EXPECT_THAT(std::string(HealthyRun(request, "sync", 1).status().message()),
              HasSubstr("did you mean 'count'?"));
}

TEST(FailedRun, TriesTheWorstInstantThenTheSecondQuarterOfTheLoad) {
  const HealthyFacts healthy{800, 123'456'000};
  EXPECT_EQ(FaultsOf("primary-dies", 0, healthy),
            "  - {when: {at: 123456us}, do: kill, node: primary}\n"
            "  - {when: {after_previous: 500ms}, do: promote, node: best}\n");
  EXPECT_THAT(FaultsOf("primary-dies", 0, {800, {}}), HasSubstr("{at: 562500us}"));
  EXPECT_THAT(FaultsOf("primary-dies", 1, healthy),
              HasSubstr("{point: after-primary.ack, hit: 550}, do: kill"));
  EXPECT_THAT(FaultsOf("primary-loses-power", 2, healthy),
              HasSubstr("{at: 812500us}, do: power-loss, node: primary"));
  EXPECT_THAT(FaultsOf("primary-dies", 1, {0, {}}), HasSubstr("{at: 687500us}"))
      << "no write was committed";
}

TEST(FailedRun, FailuresOfReplicasTakeTurnsAndPromoteNobody) {
  EXPECT_EQ(FaultsOf("replica-dies", 0, {800, 5}),
            "  - {when: {at: 562500us}, do: kill, node: r1}\n");
  EXPECT_EQ(FaultsOf("replica-hangs", 1, {800, 5}),
            "  - {when: {at: 687500us}, do: pause, node: r2, for: 1s}\n");
}

TEST(FailedRun, APartitionSeparatesThePrimaryFromAllOthers) {
  EXPECT_EQ(FaultsOf("partition", 1, {800, 5}),
            "  - {when: {at: 687500us}, do: partition, from: p, to: [r1, r2], one_way: false, "
            "for: 1s}\n"
            "  - {when: {after_previous: 500ms}, do: promote, node: best}\n");
}

TEST(FailedRun, WhereNodesElectNobodyIsPromoted) {
  ChooseRequest request = Request();
  request.sets = {"failover.preset=raft"};
  EXPECT_THAT(FaultsOf("primary-dies", 0, {800, 5'000'000}, request), Not(HasSubstr("promote")));
}

TEST(WorstInstantNs, IsWhenMostWasOnNoReplicaInTheFirstHalf) {
  proto::Timeline timeline;
  EXPECT_EQ(WorstInstantNs(timeline), std::nullopt);
  timeline.set_bin_s(0.5);
  timeline.set_load_end_s(4);
  for (const double high : {0.0, 3.0, std::nan(""), 7.0, 7.0, 9.0}) {
    timeline.mutable_unreplicated_entries()->add_high(high);
  }
  EXPECT_EQ(WorstInstantNs(timeline), 1'500'000'000) << "9 is in the second half";
}

proto::RunReport Report(uint64_t lost, double stop_ms) {
  proto::RunReport report;
  report.set_complete(true);
  report.mutable_writes()->set_acked_lost(lost);
  report.mutable_writes()->set_protected_lost(lost);
  report.mutable_writes()->set_per_second(800);
  report.mutable_divergence()->set_converged(true);
  report.mutable_availability()->set_unavailable_ms(stop_ms);
  report.mutable_availability()->set_unavailable_at_end_ms(1);
  return report;
}

class ModeJudgeTest : public testing::Test {
 protected:
  ChoiceCell Judged(const std::string& mode, const std::vector<proto::RunReport>& reports) {
    ModeJudge judge(mode, {FindFailure("primary-dies")});
    for (uint32_t i = 0; i < reports.size(); ++i) {
      const absl::StatusOr<Variant> run =
          FailedRun(Request(), mode, *FindFailure("primary-dies"), i, {800, {}});
      EXPECT_TRUE(run.ok()) << run.status();
      judge.AddFailed(0, *run, {How::kReported, reports[i], ""});
    }
    return judge.Done().cells[0];
  }
};

TEST_F(ModeJudgeTest, KeepsTheWorstRun) {
  const ChoiceCell cell = Judged("async", {Report(3, 700), Report(9, 650), Report(1, 690)});
  EXPECT_EQ(cell.runs, 3u);
  EXPECT_EQ(cell.lost_most, 9u);
  ASSERT_TRUE(cell.worst.has_value());
  EXPECT_EQ(cell.worst->scenario.seed(), 2u);
  EXPECT_EQ(cell.stop_ms, 700);
  EXPECT_FALSE(cell.stop_at_least);
  EXPECT_EQ(PromisedWord(cell), "no");
  EXPECT_THAT(WorstYaml(cell), HasSubstr("acked_lost: \"> 0\""));
}

TEST_F(ModeJudgeTest, NothingLostIsLuckWithoutAPromise) {
  EXPECT_EQ(PromisedWord(Judged("async", {Report(0, 1)})), "luck");
  EXPECT_FALSE(Judged("async", {Report(0, 1)}).worst.has_value());
  EXPECT_EQ(PromisedWord(Judged("sync", {Report(0, 1)})), "yes");
  EXPECT_EQ(PromisedWord(Judged("async", {})), "yes") << "no run contradicts it";
}

TEST_F(ModeJudgeTest, ALossThatWasPromisedNotToHappenIsBroken) {
  const ChoiceCell cell = Judged("sync", {Report(0, 1), Report(2, 1)});
  EXPECT_EQ(PromisedWord(cell), "BROKEN");
  EXPECT_THAT(cell.violations, ElementsAre(HasSubstr("seed 2: lost-write: ")));
  proto::RunReport unprotected = Report(2, 1);
  unprotected.mutable_writes()->set_protected_lost(0);
  EXPECT_EQ(PromisedWord(Judged("sync", {unprotected})), "degraded");
}

TEST_F(ModeJudgeTest, AFaultThatDidNotHappenIsNotJudged) {
  proto::RunReport report = Report(5, 1);
  report.add_missing_faults("faults[0] did not happen");
  const ChoiceCell cell = Judged("async", {report});
  EXPECT_EQ(cell.not_judged, 1u);
  EXPECT_FALSE(cell.lost_most.has_value());
  EXPECT_EQ(PromisedWord(cell), "-");
}

TEST_F(ModeJudgeTest, AStopThatLastsToTheEndIsALowerBound) {
  proto::RunReport report = Report(0, 1200);
  report.mutable_availability()->set_unavailable_at_end_ms(1200);
  EXPECT_TRUE(Judged("async", {report}).stop_at_least);
}

TEST_F(ModeJudgeTest, HealthyRunsGiveTheMedian) {
  ModeJudge judge("async", {});
  for (const int64_t p50 : {3000, 1000, 2000}) {
    proto::RunReport report = Report(0, static_cast<double>(p50) / 100);
    report.mutable_latency_us()->mutable_write()->set_p50(p50);
    report.mutable_throughput()->set_clients_needed(static_cast<uint64_t>(p50) / 20);
    judge.AddHealthy(*HealthyRun(Request(), "async", 0), {How::kReported, report, ""});
  }
  judge.AddHealthy(*HealthyRun(Request(), "async", 0), {How::kStuck, {}, "stuck"});
  const ModeChoice mode = judge.Done();
  EXPECT_EQ(mode.p50_ms, 2);
  EXPECT_EQ(mode.stop_ms, 30);
  EXPECT_EQ(mode.clients_needed, 150u) << "the runs had 78";
  EXPECT_EQ(mode.runs, 4u);
  EXPECT_EQ(mode.not_judged, 1u);
  EXPECT_THAT(mode.violations, ElementsAre(HasSubstr("seed 1: stuck: ")));
  EXPECT_THAT(mode.readers, Contains("linearizable"));
  EXPECT_EQ(judge.WritesPerSecond(), 800);
}

}  // namespace
}  // namespace replsim::choose_test
