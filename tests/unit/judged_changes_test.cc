// Deletes and compare-and-sets in a recording: what counts as a version of a key, as lost, as
// stale, and what the judge makes of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/reads/consistency.h"
#include "simulator/analysis/reads/judged_history.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/history/read_history.h"
#include "simulator/history/write_history.h"
#include "simulator/judge/judge.h"
#include "simulator/recording/value_lists.h"
#include "tests/unit/fake_recording.h"

namespace replsim::judged_changes_test {
namespace {

using testing::HasSubstr;

class JudgedChanges : public testing::Test {
 protected:
  JudgedChanges() {
    fake_.Leads("p", 900, 1, 0);
    fake_.EmptyLog("p");
  }

  // A write or compare-and-set of key 0, answered with the position `lsn`.
  Operation Put(uint32_t client, double from, double to, uint64_t lsn) {
    return Logged(fake_.Write(client, 0, from, to, proto::COMMITTED, 1, lsn, "p"));
  }
  void Delete(uint32_t client, double from, double to, uint64_t lsn) {
    fake_.Write(client, 0, from, to, proto::COMMITTED, 1, lsn, "p");
    Changed().kind = OperationKind::kDelete;
    Logged(Changed());
    fake_.node("p").log->back().is_delete = true;
  }
  Operation Cas(uint32_t client, double from, double to, uint64_t lsn, WrittenValue expected,
                bool took_effect) {
    fake_.Write(client, 0, from, to, proto::COMMITTED, 1, lsn, "p");
    Operation& cas = Changed();
    cas.kind = OperationKind::kCas;
    cas.has_value = 1;
    cas.value_client = expected.client;
    cas.value_sequence = expected.sequence;
    cas.no_effect = took_effect ? 0 : 1;
    Logged(cas);
    fake_.node("p").log->back().no_effect = !took_effect;
    return cas;
  }
  void Read(uint32_t client, double from, double to, uint64_t lsn, WrittenValue seen) {
    fake_.Read(client, 0, from, to, "p", lsn == 0 ? 0 : 1, lsn);
    Changed().has_value = 1;
    Changed().value_client = seen.client;
    Changed().value_sequence = seen.sequence;
  }
  static WrittenValue ValueOf(const Operation& write) { return {write.client, write.sequence}; }

  proto::RunReport::Consistency Judge() {
    const Recording recording = fake_.Done();
    const LeadershipHistory leadership(recording);
    const FinalLog log(recording);
    return CheckConsistency(recording, leadership, log,
                            FindStaleReads(recording, leadership, DecideFates(recording, log)));
  }

  FakeRecording fake_{{"p", "r1"}};

  Operation& Changed() { return fake_.last(); }

 private:
  Operation Logged(const Operation& write) {
    fake_.Log(write);
    return write;
  }
};

TEST_F(JudgedChanges, AReadAfterADeleteSeesNothingAndIsNotStale) {
  Put(1, 1000, 1001, 1);
  Delete(2, 1002, 1003, 2);
  Read(3, 1004, 1005, 2, {});
  const auto found = Judge();
  EXPECT_EQ(found.stale_reads().count(), 0u);
  EXPECT_TRUE(found.linearizable().holds());
  EXPECT_TRUE(found.linearizable().searched());
  EXPECT_EQ(found.linearizable().reads(), 1u);
}

TEST_F(JudgedChanges, AReadThatMissesADeleteIsStaleAndNotLinearizable) {
  const Operation put = Put(1, 1000, 1001, 1);
  Delete(2, 1002, 1003, 2);
  Read(3, 1004, 1005, 1, ValueOf(put));
  const auto found = Judge();
  EXPECT_EQ(found.stale_reads().count(), 1u);
  EXPECT_FALSE(found.linearizable().holds());
  EXPECT_FALSE(found.linearizable().has_late_by_ms());
}

TEST_F(JudgedChanges, TwoCompareAndSetsOfOneVersionAreNotLinearizable) {
  const Operation put = Put(1, 1000, 1001, 1);
  Cas(2, 1002, 1003, 2, ValueOf(put), true);
  const Operation second = Cas(3, 1004, 1005, 3, ValueOf(put), true);
  Read(4, 1006, 1007, 3, ValueOf(second));
  EXPECT_FALSE(Judge().linearizable().holds());
}

TEST_F(JudgedChanges, ACompareAndSetOfTheValueThatWasThereMustNotFail) {
  const Operation put = Put(1, 1000, 1001, 1);
  Read(4, 1002, 1003, 1, ValueOf(put));
  Cas(2, 1004, 1005, 2, ValueOf(put), false);
  EXPECT_FALSE(Judge().linearizable().holds());
}

TEST_F(JudgedChanges, AFailedCompareAndSetIsNoVersionOfTheKey) {
  const Operation put = Put(1, 1000, 1001, 1);
  Cas(2, 1002, 1003, 2, {}, false);
  Read(2, 1004, 1005, 1, ValueOf(put));
  const auto found = Judge();
  EXPECT_EQ(found.stale_reads().count(), 0u);
  EXPECT_EQ(found.read_your_writes().count(), 0u);
  EXPECT_EQ(found.consistent_prefix().count(), 0u);
  EXPECT_EQ(found.sequential().count(), 0u);
  EXPECT_TRUE(found.linearizable().holds());
}

TEST_F(JudgedChanges, AFailedCompareAndSetCannotBeLost) {
  Put(1, 1000, 1001, 1);
  Cas(2, 1002, 1003, 2, {}, false);
  Cas(3, 1004, 1005, 3, {9, 9}, true);
  fake_.node("p").log->resize(1);
  const Recording recording = fake_.Done();
  const Fates fates = DecideFates(recording, FinalLog(recording));
  EXPECT_EQ(fates.writes.acked_lost(), 1u);
  EXPECT_EQ(fates.writes.no_effect(), 1u);
}

TEST_F(JudgedChanges, WhatIsExportedIsJudgedAsTheRecordingIs) {
  const Operation put = Put(1, 1000, 1001, 1);
  Cas(2, 1002, 1003, 2, ValueOf(put), true);
  Cas(3, 1004, 1005, 3, ValueOf(put), false);
  Delete(3, 1006, 1007, 4);
  Read(4, 1008, 1009, 4, {});
  for (const bool broken : {false, true}) {
    if (broken) Read(4, 1010, 1011, 1, ValueOf(put));
    const history::History own = ToJudgedHistory(fake_.Done());
    const auto text = WriteHistory(own, history::Format::kJepsen);
    ASSERT_TRUE(text.ok()) << text.status();
    history::ReadOptions options;
    options.failed_cas_is_answer = options.nil_is_empty = true;
    const auto read = history::ReadHistory(*text, "run.edn", options);
    ASSERT_TRUE(read.ok()) << read.status();
    for (const history::History* one : {&own, &*read}) {
      const auto verdicts = judge::Judge(*one, {judge::Guarantee::kLinearizable}, {});
      ASSERT_EQ(verdicts.size(), 1u);
      EXPECT_EQ(verdicts[0].holds, broken ? judge::Holds::kNo : judge::Holds::kYes);
    }
    EXPECT_THAT(WriteHistory(own, history::Format::kKv).status().ToString(),
                HasSubstr("compare-and-sets, which only --to jepsen"));
  }
}

class JudgedAppends : public JudgedChanges {
 protected:
  // The list of key 0: nothing, then the elements so far.
  void Append(uint32_t client, double from, double to, uint64_t lsn) {
    const Operation append = Put(client, from, to, lsn);
    Changed().kind = OperationKind::kAppend;
    elements_.push_back(ValueOf(append));
  }
  void ReadList(double from, double to, uint64_t lsn, std::vector<WrittenValue> elements) {
    Read(9, from, to, lsn, elements.back());
    elements.insert(elements.begin(), WrittenValue());
    Changed().attempts = lists_.NumberOf(
        elements, [this](const ListedValue& list) { fake_.lists().push_back(list); });
  }
  std::vector<WrittenValue> elements_;

 private:
  ValueLists lists_;
};

TEST_F(JudgedAppends, AListInTheOrderOfItsAppendsIsLinearizable) {
  Append(1, 1000, 1001, 1);
  Append(2, 1002, 1003, 2);
  ReadList(1004, 1005, 2, elements_);
  const auto found = Judge();
  EXPECT_TRUE(found.linearizable().holds());
  EXPECT_EQ(found.stale_reads().count(), 0u);
}

TEST_F(JudgedAppends, AListThatLostAnElementIsNotLinearizable) {
  Append(1, 1000, 1001, 1);
  Append(2, 1002, 1003, 2);
  Append(3, 1004, 1005, 3);
  ReadList(1006, 1007, 3, {elements_[0], elements_[2]});
  EXPECT_FALSE(Judge().linearizable().holds());
}

TEST_F(JudgedAppends, AnElementThatARecordingCutShortLacksIsNoViolation) {
  Append(1, 1000, 1001, 1);
  ReadList(1004, 1005, 2, {elements_[0], {7, 70}});
  EXPECT_FALSE(Judge().linearizable().holds());
  fake_.manifest().set_complete(false);
  EXPECT_TRUE(Judge().linearizable().holds());
}

TEST_F(JudgedAppends, AListIsExportedAsATextAndJudgedAlike) {
  Append(1, 1000, 1001, 1);
  Append(2, 1002, 1003, 2);
  ReadList(1004, 1005, 2, elements_);
  for (const bool broken : {false, true}) {
    if (broken) ReadList(1006, 1007, 1, {elements_[0]});
    const auto text = WriteHistory(ToJudgedHistory(fake_.Done()), history::Format::kKv);
    ASSERT_TRUE(text.ok()) << text.status();
    EXPECT_THAT(*text, HasSubstr(":f :append"));
    const auto read = history::ReadHistory(*text, "run.txt", {});
    ASSERT_TRUE(read.ok()) << read.status();
    const auto verdicts = judge::Judge(*read, {judge::Guarantee::kLinearizable}, {});
    ASSERT_EQ(verdicts.size(), 1u);
    EXPECT_EQ(verdicts[0].holds, broken ? judge::Holds::kNo : judge::Holds::kYes);
  }
}

}  // namespace
}  // namespace replsim::judged_changes_test
