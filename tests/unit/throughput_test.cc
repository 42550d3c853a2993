// Throughput against what was offered, on recordings written by hand.
#include "simulator/analysis/availability/throughput.h"

#include <gtest/gtest.h>

#include "tests/unit/fake_recording.h"

namespace replsim::throughput_test {
namespace {

constexpr char kScenario[] = R"(
cluster:
  groups:
    west: [p, "client@west"]
    both: [p, r1]
    east: [r1, "client@east"]
replication:
  ack_after: replica-flush
  on_timeout: degrade
workload:
  clients: 16
  style: future
  depth: 4
  deadline: 1500ms
  arrival:
    rate: 3000/s
  mix:
    write: 3
    read: 1
)";

WorkloadFacts OpenLoop(double rate, uint64_t clients) {
  WorkloadFacts facts;
  facts.rate = rate;
  facts.write_share = 1;
  facts.clients = clients;
  return facts;
}

// 40 writes of 100 ms, by 4 clients in turn, from 1000 to 2000 ms; the last four end at 2000 ms.
FakeRecording FourClients() {
  FakeRecording fake({"p"});
  for (uint32_t i = 0; i < 40; ++i) {
    const double begin = 1000 + 100 * (i / 4);
    fake.Write(i % 4 + 1, 1, begin, begin + 100, proto::COMMITTED, 1, i + 1);
  }
  return fake;
}

TEST(WorkloadFacts, AreThoseOfTheResolvedScenario) {
  const WorkloadFacts facts = ReadWorkloadFacts(kScenario);
  EXPECT_EQ(facts.rate, 3000);
  EXPECT_EQ(facts.write_share, 0.75);
  EXPECT_EQ(facts.clients, 16u);
  EXPECT_EQ(facts.depth, 4u);
  EXPECT_EQ(facts.deadline_ns, 1500 * kMs);
  EXPECT_EQ(facts.client_groups, (std::vector<std::string>{"west", "east"}));
  EXPECT_EQ(facts.GroupOf(3), 1u);
  EXPECT_EQ(facts.waits_for_replicas, true);
  EXPECT_EQ(facts.on_timeout, "degrade");
}

TEST(WorkloadFacts, AreAbsentWithoutAScenario) {
  const WorkloadFacts facts = ReadWorkloadFacts("");
  EXPECT_FALSE(facts.rate || facts.write_share || facts.clients || facts.deadline_ns);
  EXPECT_FALSE(facts.waits_for_replicas.has_value());
  EXPECT_EQ(facts.depth, 1u);
}

TEST(Throughput, CountsOnlyWhatWasCommittedInsideTheLoad) {
  FakeRecording fake = FourClients();
  for (uint32_t i = 0; i < 160; ++i) {  // asked for inside, answered afterwards
    fake.Write(1, 1, 1500, 2100 + i, proto::COMMITTED, 1, 100 + i);
  }
  EXPECT_EQ(CommittedPerSecond(fake.Done()), 40);
  fake.manifest().set_load_end_ns(fake.manifest().load_begin_ns());
  EXPECT_FALSE(CommittedPerSecond(fake.Done()).has_value());
}

TEST(Throughput, OffersWhatTheScenarioSaysOrElseWhatWasDue) {
  FakeRecording fake = FourClients();
  fake.Write(1, 1, 2050, 2060, proto::COMMITTED, 1, 100);  // due after the load
  const Recording recording = fake.Done();
  const auto told = [&](const WorkloadFacts& facts) {
    return MeasureThroughput(recording, facts, FindPhases(recording)).offered_per_second();
  };
  EXPECT_DOUBLE_EQ(told(ReadWorkloadFacts(kScenario)), 2250);
  EXPECT_DOUBLE_EQ(told({}), 40);
}

TEST(Throughput, NeedsTheClientsOfLittlesLaw) {
  const Recording recording = FourClients().Done();
  const LoadPhases phases = FindPhases(recording);
  const WorkloadFacts facts = OpenLoop(200, 4);
  EXPECT_EQ(MeasureThroughput(recording, facts, phases).clients_needed(), 20u);
  EXPECT_EQ(TooFewClients(recording, facts, phases),
            "4 clients cannot offer 200/s at 100 ms a write: 20 needed");
  EXPECT_EQ(TooFewClients(recording, OpenLoop(40, 4), phases), "") << "just enough";
  WorkloadFacts deep = OpenLoop(3000, 64);
  deep.depth = 4;
  deep.write_share = 0.5;
  EXPECT_EQ(TooFewClients(recording, deep, phases),
            "64 clients with 4 operations in flight each cannot offer 3,000/s at 100 ms an "
            "operation: 75 needed");
  WorkloadFacts closed;
  closed.clients = 4;
  EXPECT_EQ(TooFewClients(recording, closed, phases), "");
}

TEST(Throughput, OperationsOfAnOutageDoNotRaiseWhatIsNeeded) {
  FakeRecording fake = FourClients();
  fake.Event(1500, proto::RunEvent::KILLED, "p");
  fake.Write(1, 1, 1490, 1990, proto::COMMITTED, 1, 100);
  const Recording recording = fake.Done();
  const auto out = MeasureThroughput(recording, OpenLoop(200, 4), FindPhases(recording));
  EXPECT_EQ(out.clients_needed(), 20u);
}

TEST(Throughput, TheLowestSecondLiesWhollyInsideTheLoad) {
  FakeRecording fake({"p"});
  fake.manifest().set_load_end_ns(3500 * kMs);
  uint64_t lsn = 0;
  for (const double at : {1000.0, 1500.0, 1999.0, 2000.0, 2999.0, 3499.0}) {
    fake.Write(1, 1, at - 1, at, proto::COMMITTED, 1, ++lsn);
  }
  const Recording recording = fake.Done();
  EXPECT_DOUBLE_EQ(MeasureThroughput(recording, {}, {}).goodput_min_per_second(), 2)
      << "3 in the first, 2 in the second; the half after it does not count";
  fake.manifest().set_load_end_ns(1900 * kMs);
  EXPECT_FALSE(MeasureThroughput(fake.Done(), {}, {}).has_goodput_min_per_second());
}

}  // namespace
}  // namespace replsim::throughput_test
