// The end of a run in which no node may lead, because every member of the in-sync set was restarted
// after an unclean shutdown.
#include "simulator/analysis/durability/none_eligible.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "simulator/recording/eligible_nodes.h"
#include "simulator/run/final_read.h"
#include "simulator/scenario/scenario.h"
#include "tests/unit/fake_recording.h"

namespace replsim::none_eligible_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr size_t kMajority = 2;  // of three witnesses

// p, r1 and r2 run; three witnesses store the set of p and r1.
class NoneEligibleTest : public testing::Test {
 protected:
  NoneEligibleTest() : fake_({"p", "r1", "r2"}) {
    for (const char* id : {"p", "r1", "r2"}) fake_.Started(id, 900);
  }
  Recording Done() {
    Recording recording = fake_.Done();
    for (const char* id : {"w1", "w2", "w3"}) {
      NodeRecording& witness = recording.witnesses.emplace_back();
      witness.id = id;
      witness.trace.emplace();
    }
    for (int witness = 0; witness < 3; ++witness) {
      Stores(recording, witness, 1, {0, 1, 2});
      Stores(recording, witness, 2, {0, 1});
    }
    return recording;
  }
  static void Stores(Recording& recording, int witness, uint64_t version,
                     std::initializer_list<uint16_t> members) {
    for (const uint16_t member : members) {
      TraceRecord record;
      record.kind = static_cast<uint8_t>(TraceKind::kStores);
      record.epoch = 1;
      record.lsn = version;
      record.peer = member;
      record.time_ns = static_cast<int64_t>(1000 + version);
      recording.witnesses[static_cast<size_t>(witness)].trace->push_back(record);
    }
  }
  void RestartMembers() { fake_.Started("p", 1100, 0, 1).Started("r1", 1200, 0, 1); }

  FakeRecording fake_;
};

TEST_F(NoneEligibleTest, TheMembersOfTheNewestSetAre) {
  EXPECT_THAT(EligibleNodes(Done(), kMajority), ElementsAre(0u, 1u));
}

TEST_F(NoneEligibleTest, AnUncleanMemberIsNotUntilAPrimaryHasPublishedIt) {
  fake_.Started("r2", 1100);  // it had promised nothing
  fake_.Started("p", 1100, 0, 1);
  EXPECT_THAT(EligibleNodes(Done(), kMajority), ElementsAre(1u));
  fake_.Started("r1", 1200, 0, 1);
  EXPECT_THAT(EligibleNodes(Done(), kMajority), IsEmpty());
  fake_.Trace("r1", 1300, TraceKind::kEligible, 1, 0);
  EXPECT_THAT(EligibleNodes(Done(), kMajority), ElementsAre(1u));
}

TEST_F(NoneEligibleTest, AMinorityOfTheWitnessesElectsNobody) {
  Recording recording = Done();
  Stores(recording, 0, 3, {0, 2});
  EXPECT_THAT(EligibleNodes(recording, kMajority), ElementsAre(0u, 1u));
  Stores(recording, 1, 3, {0, 2});
  EXPECT_THAT(EligibleNodes(recording, kMajority), ElementsAre(0u, 2u));
}

proto::Scenario Kafka() {
  const auto loaded = LoadScenarioText(
      "name: t\nduration: 1s\ncluster: {replicas: 2}\nfailover: {preset: \"kafka:elr\"}\n"
      "replication: {preset: \"kafka:acks_all\"}\nworkload: {arrival: {rate: 1/s}}\n",
      "t.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->scenario : proto::Scenario();
}

proto::RunReport NotConverged() {
  proto::RunReport report;
  report.mutable_divergence()->set_converged(false);
  report.add_breaches("did not converge: p does not lead");
  report.add_breaches("another one");
  return report;
}

TEST_F(NoneEligibleTest, IsNoBreach) {
  RestartMembers();
  proto::RunReport report = NotConverged();
  ExcuseWhereNoneIsEligible(Kafka(), Done(), report);
  EXPECT_TRUE(report.elections().none_is_eligible());
  EXPECT_THAT(report.breaches(), ElementsAre("another one"));
  EXPECT_THAT(report.notes(), ElementsAre(HasSubstr("no node may lead")));
}

TEST_F(NoneEligibleTest, IsNoExcuseWhereAMemberIsEligible) {
  proto::RunReport report = NotConverged();
  ExcuseWhereNoneIsEligible(Kafka(), Done(), report);
  EXPECT_FALSE(report.elections().none_is_eligible());
  EXPECT_EQ(report.breaches_size(), 2);
}

TEST_F(NoneEligibleTest, IsNoExcuseWithoutTheRule) {
  RestartMembers();
  proto::Scenario scenario = Kafka();
  scenario.mutable_failover()->set_unclean_restart(proto::ELIGIBLE);
  proto::RunReport report = NotConverged();
  ExcuseWhereNoneIsEligible(scenario, Done(), report);
  EXPECT_EQ(report.breaches_size(), 2);
}

FinalRead End(const char* node, uint64_t epoch, uint64_t last, bool leads = false,
              bool alive = true) {
  FinalRead final;
  final.end.set_node(node);
  final.end.set_epoch(epoch);
  final.end.set_last(last);
  final.end.set_alive(alive);
  final.leads = leads;
  return final;
}

TEST(FinalPrimary, IsTheNodeWithTheNewestLogWhereNoneLeads) {
  const auto of = [](bool p_leads, bool elects) {
    return FinalPrimary({End("p", 1, 9, p_leads), End("r1", 2, 5), End("r2", 2, 6),
                         End("r3", 3, 7, false, /*alive=*/false)},
                        "p", elects);
  };
  EXPECT_EQ(of(true, true), "p");
  EXPECT_EQ(of(false, true), "r2");
  EXPECT_EQ(of(false, false), "p");
}

}  // namespace
}  // namespace replsim::none_eligible_test
