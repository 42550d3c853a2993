#include "simulator/analysis/writes/critical_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/analysis/writes/explained_write.h"
#include "tests/unit/fake_recording.h"

namespace replsim::waits_test {
namespace {

using ::testing::ElementsAre;

// A write that p may acknowledge when r1 has flushed it: r1's flush takes 60 ms.
Recording SlowFlush() {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  const Operation write = fake.Write(4, 7, 1100, 1186, proto::COMMITTED, 1, 1, "p");
  fake.Log(write);
  fake.Append("p", 1101, 1, 1).Trace("p", 1101, TraceKind::kWrite, 1, 1);
  fake.Trace("p", 1103, TraceKind::kFlush, 1, 1);
  fake.Trace("p", 1102, TraceKind::kSend, 1, 1, "r1");
  fake.Append("r1", 1112, 1, 1).Trace("r1", 1113, TraceKind::kWrite, 1, 1);
  fake.Trace("r1", 1173, TraceKind::kFlush, 1, 1);
  fake.Trace("p", 1183, TraceKind::kPeerFlush, 1, 1, "r1");
  fake.Trace("p", 1183, TraceKind::kCommit, 1, 1);
  return fake.Done();
}

std::vector<Wait> WaitsIn(const Recording& recording) {
  const FinalLog final_log(recording);
  const LeadershipHistory leadership_history(recording);
  const Fates fates = DecideFates(recording, final_log);
  const KnownWrites evidence{recording, final_log, leadership_history, fates};
  return Explain(evidence, *FindWrite(evidence, "slowest")).waits;
}

std::vector<std::string> Names(const std::vector<Wait>& waits) {
  std::vector<std::string> names;
  for (const Wait& wait : waits) names.push_back(wait.what);
  return names;
}

TEST(Waits, AreTheChainThatTheAnswerWaitedFor) {
  const std::vector<Wait> waits = WaitsIn(SlowFlush());
  EXPECT_THAT(
      Names(waits),
      ElementsAre("the request to reach p", "p to send it to r1", "the link p → r1", "r1's write",
                  "r1's flush", "p to learn of it from r1", "the answer to reach its client"));
  EXPECT_EQ(LongestStep(waits), "86 ms: 60 ms waiting for r1's flush");
}

TEST(Waits, LeaveNoGapAndDoNotOverlap) {
  const std::vector<Wait> waits = WaitsIn(SlowFlush());
  EXPECT_EQ(waits.front().from_ns, FakeRecording::Ns(1100));
  EXPECT_EQ(waits.back().to_ns, FakeRecording::Ns(1186));
  for (size_t i = 1; i < waits.size(); ++i) EXPECT_EQ(waits[i].from_ns, waits[i - 1].to_ns);
}

TEST(Waits, OfAGateThatThePrimarysOwnFlushOpenedNameThat) {
  FakeRecording fake({"p"});
  fake.Started("p", 900).Leads("p", 900, 1, 0);
  fake.Log(fake.Write(4, 7, 1100, 1131, proto::COMMITTED, 1, 1, "p"));
  fake.Append("p", 1101, 1, 1).Trace("p", 1102, TraceKind::kWrite, 1, 1);
  fake.Trace("p", 1130, TraceKind::kFlush, 1, 1).Trace("p", 1130, TraceKind::kCommit, 1, 1);
  EXPECT_EQ(LongestStep(WaitsIn(fake.Done())), "31 ms: 28 ms waiting for p's flush");
}

TEST(Waits, WithoutTracesAreOfTheGateAsAWhole) {
  FakeRecording fake({"p"});
  fake.Log(fake.Write(4, 7, 1100, 1131, proto::COMMITTED, 1, 1, "p"));
  EXPECT_EQ(LongestStep(WaitsIn(fake.Done())), "31 ms: 31 ms waiting for an answer");
}

// p waits for `set` to have flushed; what r1 and r2 have flushed it learns in the same instant.
Recording AtOnce(const std::string& set, proto::Outcome outcome) {
  FakeRecording fake({"p", "r1", "r2"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900).Started("r2", 900);
  const Operation write = fake.Write(4, 7, 1100, 1186, outcome, 1, 1, "p");
  fake.Log(write);
  fake.Append("p", 1101, 1, 1).Trace("p", 1103, TraceKind::kFlush, 1, 1);
  for (const char* id : {"r1", "r2"}) {
    fake.Trace("p", 1102, TraceKind::kSend, 1, 1, id).Reaches(id, 1173, 1, 1);
    fake.Trace("p", 1183, TraceKind::kPeerFlush, 1, 1, id);
  }
  if (outcome == proto::COMMITTED) fake.Trace("p", 1183, TraceKind::kCommit, 1, 1);
  Recording recording = fake.Done();
  recording.scenario_yaml = "replication:\n  ack_after: replica-flush\n  sync_set: " + set + "\n";
  return recording;
}

TEST(Waits, NameTheReplicaThatTheGateWaitedFor) {
  for (const std::string id : {"r1", "r2"}) {
    EXPECT_THAT(Names(WaitsIn(AtOnce("first 1 [" + id + "]", proto::COMMITTED))),
                ::testing::Contains("p to learn of it from " + id));
  }
  EXPECT_THAT(Names(WaitsIn(AtOnce("all", proto::COMMITTED))),
              ::testing::Contains(::testing::StartsWith("p to learn of it from r")));
}

// The only write of the recording, whose gate did not open.
std::vector<std::string> ShutWaits(const Recording& recording) {
  const FinalLog final_log(recording);
  const LeadershipHistory leadership_history(recording);
  const Fates fates = DecideFates(recording, final_log);
  const KnownWrites evidence{recording, final_log, leadership_history, fates};
  return Names(Explain(evidence, *FindWrite(evidence, "1")).waits);
}

TEST(Waits, SayWhichReplicasAGateThatDidNotOpenLacked) {
  EXPECT_THAT(ShutWaits(AtOnce("first 1 [p]", proto::UNKNOWN)),
              ::testing::Contains("a gate that was not reached: it lacked p (the primary)"));
  Recording recording = AtOnce("any 2", proto::UNKNOWN);
  std::erase_if(*recording.nodes[0].trace, [](const TraceRecord& record) {
    return record.kind == static_cast<uint8_t>(TraceKind::kPeerFlush) && record.peer == 2;
  });
  EXPECT_THAT(ShutWaits(recording),
              ::testing::Contains("a gate that was not reached: it lacked r2"));
}

}  // namespace
}  // namespace replsim::waits_test
