// Transactions in a recording: what counts as lost, stale and torn, and what the judge makes of
// them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/analysis/durability/torn_transactions.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/reads/consistency.h"
#include "simulator/analysis/reads/judged_history.h"
#include "simulator/analysis/run_report.h"
#include "simulator/history/read_history.h"
#include "simulator/history/write_history.h"
#include "simulator/judge/judge.h"
#include "tests/unit/fake_recording.h"

namespace replsim::judged_transactions_test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

class JudgedTransactions : public testing::Test {
 protected:
  JudgedTransactions() {
    fake_.Leads("p", 900, 1, 0);
    fake_.EmptyLog("p");
  }

  Operation Put(uint32_t client, uint32_t key, double from, double to, uint64_t lsn) {
    const Operation put = fake_.Write(client, key, from, to, proto::COMMITTED, 1, lsn, "p");
    fake_.Log(put);
    return put;
  }
  // Writes the keys `first` and `first` + 1.
  Operation Pair(uint32_t client, uint32_t first, double from, double to, uint64_t lsn) {
    fake_.Write(client, first, from, to, proto::COMMITTED, 1, lsn, "p");
    fake_.last().kind = OperationKind::kTransaction;
    fake_.last().target = 2;
    const Operation pair = fake_.last();
    fake_.Log(pair);
    return pair;
  }
  // Sees what `write` wrote; the missing key without it.
  void Read(uint32_t client, uint32_t key, double from, double to, const Operation& write) {
    fake_.Read(client, key, from, to, "p", write.epoch, write.lsn);
    fake_.last().has_value = 1;
    fake_.last().value_client = write.client;
    fake_.last().value_sequence = write.sequence;
  }
  void Final(const std::string& node, std::vector<std::pair<uint32_t, Operation>> keys) {
    fake_.node(node).final_state.emplace();
    for (const auto& [key, write] : keys) {
      fake_.node(node).final_state->push_back(
          {key, write.client, write.epoch, write.lsn, write.sequence});
    }
  }

  proto::RunReport::Consistency Judge() {
    const Recording recording = fake_.Done();
    const LeadershipHistory leadership(recording);
    const FinalLog log(recording);
    return CheckConsistency(recording, leadership, log,
                            FindStaleReads(recording, leadership, DecideFates(recording, log)));
  }

  FakeRecording fake_{{"p", "r1"}};
};

TEST_F(JudgedTransactions, AReadOfAnyKeyThatMissesATransactionIsStale) {
  const Operation put = Put(1, 5, 1000, 1001, 1);
  Pair(2, 4, 1002, 1003, 2);
  Read(3, 5, 1004, 1005, put);
  const auto found = Judge();
  EXPECT_EQ(found.stale_reads().count(), 1u);
  EXPECT_EQ(found.stale_versions().max(), 1);
  EXPECT_FALSE(found.linearizable().holds());
}

TEST_F(JudgedTransactions, AClientMissesItsOwnTransactionOnAnyKey) {
  const Operation put = Put(1, 5, 1000, 1001, 1);
  Pair(2, 4, 1002, 1003, 2);
  Read(2, 5, 1004, 1005, put);
  const auto found = Judge();
  EXPECT_EQ(found.read_your_writes().count(), 1u);
  EXPECT_EQ(found.read_your_writes().checked(), 1u);
}

TEST_F(JudgedTransactions, TransactionsThatTookEffectAtOnceAreLinearizable) {
  const Operation pair = Pair(1, 4, 1000, 1020, 1);
  Read(2, 4, 1005, 1006, pair);
  Read(2, 5, 1007, 1008, pair);
  const Operation next = Pair(2, 5, 1030, 1031, 2);
  Read(3, 5, 1032, 1033, next);
  Read(3, 4, 1034, 1035, pair);
  const auto found = Judge();
  EXPECT_TRUE(found.linearizable().holds());
  EXPECT_FALSE(found.linearizable().searched());
  EXPECT_EQ(found.sequential().count(), 0u);
}

// Each key alone is linearizable, because the transaction is still being answered.
TEST_F(JudgedTransactions, AClientThatSeesHalfATransactionShowsThatItIsNotLinearizable) {
  const Operation old = Put(1, 5, 1000, 1001, 1);
  const Operation pair = Pair(1, 4, 1002, 1020, 2);
  Read(2, 4, 1005, 1006, pair);
  Read(2, 5, 1007, 1008, old);
  const auto found = Judge();
  ASSERT_TRUE(found.linearizable().has_holds());
  EXPECT_FALSE(found.linearizable().holds());
  EXPECT_EQ(found.consistent_prefix().count(), 1u);
  EXPECT_THAT(found.linearizable().witness(),
              Contains(AllOf(HasSubstr("k0004"), HasSubstr("k0005"))));
}

// No client sees both keys, so only the order of time is violated.
TEST_F(JudgedTransactions, TwoClientsThatSeeHalfATransactionShowItTogether) {
  const Operation old = Put(1, 5, 1000, 1001, 1);
  const Operation pair = Pair(1, 4, 1002, 1020, 2);
  Read(2, 4, 1005, 1006, pair);
  Read(3, 5, 1007, 1008, old);
  const auto found = Judge();
  ASSERT_TRUE(found.linearizable().has_holds());
  EXPECT_FALSE(found.linearizable().holds());
  EXPECT_FALSE(found.linearizable().witness().empty());
}

TEST_F(JudgedTransactions, AWriteWithoutAnAnswerIsPlacedByTheLog) {
  fake_.Write(1, 4, 1000, 1500, proto::UNKNOWN);
  fake_.last().kind = OperationKind::kTransaction;
  fake_.last().target = 2;
  Operation pair = fake_.last();
  fake_.Log(pair, 1, 1);
  pair.epoch = 1;
  pair.lsn = 1;
  Read(2, 5, 1005, 1006, pair);
  Read(2, 4, 1007, 1008, pair);
  EXPECT_TRUE(Judge().linearizable().holds());
}

TEST_F(JudgedTransactions, ALostTransactionIsOneLostWrite) {
  Pair(1, 4, 1000, 1001, 1);
  Pair(2, 5, 1002, 1003, 2);
  fake_.node("p").log->resize(1);
  const Recording recording = fake_.Done();
  const Fates fates = DecideFates(recording, FinalLog(recording));
  EXPECT_EQ(fates.writes.acked_lost(), 1u);
  EXPECT_EQ(fates.writes.acked_survived(), 1u);
  EXPECT_EQ(fates.writes.transactions(), 2u);
  EXPECT_FALSE(fates.writes.has_no_effect());
  EXPECT_THAT(fates.writes.first_lost().explanation(), HasSubstr("key k0005 to k0006"));
}

TEST_F(JudgedTransactions, TheFinalLogHasEveryKeyOfATransaction) {
  const Operation pair = Pair(1, 4, 1000, 1001, 1);
  const Operation put = Put(2, 5, 1002, 1003, 2);
  const Recording recording = fake_.Done();
  const Replay replay = ReplayLog(FinalLog(recording));
  ASSERT_EQ(replay.state.size(), 2u);
  EXPECT_EQ(replay.state[0].lsn, pair.lsn);
  EXPECT_EQ(replay.state[1].lsn, put.lsn);
}

TEST_F(JudgedTransactions, ANodeThatHoldsATransactionInPartFailsTheRun) {
  const Operation old = Put(1, 5, 1000, 1001, 1);
  const Operation pair = Pair(2, 4, 1002, 1003, 2);
  Final("p", {{4, pair}, {5, pair}});
  Final("r1", {{4, pair}, {5, old}});
  const proto::RunReport report = AnalyzeRun(fake_.Done()).report;
  EXPECT_EQ(report.writes().torn_transactions(), 1u);
  EXPECT_THAT(report.breaches(),
              Contains("transactions that a node holds in part: 1; the first: c2-2 at 1:2 wrote "
                       "k0004 to k0005, but r1 has it in k0004 and 1:1 in k0005"));
}

TEST_F(JudgedTransactions, AnOverwrittenOrMissingTransactionIsNotTorn) {
  const Operation pair = Pair(1, 4, 1000, 1001, 1);
  const Operation put = Put(2, 5, 1002, 1003, 2);
  Final("p", {{4, pair}, {5, put}});
  Final("r1", {});
  TornTransactions found = FindTornTransactions(fake_.Done());
  EXPECT_EQ(found.checked, 1u);
  EXPECT_EQ(found.torn, 0u);
  Final("r1", {{4, pair}});
  found = FindTornTransactions(fake_.Done());
  EXPECT_EQ(found.torn, 1u);
  EXPECT_THAT(found.first, HasSubstr("r1 has it in k0004 and nothing in k0005"));
  fake_.Event(2500, proto::RunEvent::NOT_CONVERGED);
  EXPECT_EQ(FindTornTransactions(fake_.Done()).checked, 0u) << "read while it was being applied";
}

TEST_F(JudgedTransactions, WhatIsExportedIsJudgedAsTheRecordingIs) {
  const Operation old = Put(1, 5, 1000, 1001, 1);
  const Operation pair = Pair(1, 4, 1002, 1020, 2);
  Read(2, 4, 1005, 1006, pair);
  for (const bool broken : {false, true}) {
    if (broken) Read(2, 5, 1007, 1008, old);
    const history::History own = ToJudgedHistory(fake_.Done());
    EXPECT_EQ(own.transactions.size(), broken ? 4u : 3u);
    for (const auto format :
         {history::Format::kJepsen, history::Format::kPlume, history::Format::kDbcop}) {
      const auto text = WriteHistory(own, format);
      ASSERT_TRUE(text.ok()) << text.status();
      history::ReadOptions options;
      options.format = format;
      const auto read = history::ReadHistory(*text, "run", options);
      ASSERT_TRUE(read.ok()) << read.status();
      for (const history::History* one : {&own, &*read}) {
        ASSERT_EQ(one->model, history::Model::kTransactions);
        const auto verdicts = judge::Judge(*one, {judge::Guarantee::kCausal}, {});
        ASSERT_EQ(verdicts.size(), 1u);
        EXPECT_EQ(verdicts[0].holds, broken ? judge::Holds::kNo : judge::Holds::kYes);
      }
    }
    EXPECT_THAT(WriteHistory(own, history::Format::kKv).status().ToString(),
                HasSubstr("transactions, which --to kv cannot express"));
  }
}

// No client recorded the transaction, because the recording was cut short while it was in flight.
TEST_F(JudgedTransactions, ATransactionInFlightWhenTheRecordingEndedIsOne) {
  fake_.manifest().set_complete(false);
  Operation pair;
  pair.client = 7;
  pair.sequence = 3;
  Read(2, 4, 1005, 1006, pair);
  Read(2, 5, 1007, 1008, pair);
  Pair(1, 8, 1009, 1010, 1);
  const history::History history = ToJudgedHistory(fake_.Done());
  ASSERT_EQ(history.transactions.size(), 4u);
  EXPECT_EQ(history.transactions[0].count, 2u);
  EXPECT_EQ(history.transactions[0].end, history::kNever);
  for (const auto& verdict : judge::Judge(history, {}, {})) {
    EXPECT_EQ(verdict.holds, judge::Holds::kYes) << verdict.reason;
  }
}

}  // namespace
}  // namespace replsim::judged_transactions_test
