// Writing histories for other tools (simulator/history/write_history.h).
#include "simulator/history/write_history.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "simulator/history/read_history.h"
#include "simulator/judge/judge.h"

namespace replsim::history::write_history_test {
namespace {

using judge::Guarantee;
using judge::Holds;

// Client 0 writes 1 and never learns what became of it. It then reads the key: nothing is there
// yet. Client 1 reads 1 later: the write took effect after that read.
class UnknownWrite : public testing::Test {
 protected:
  UnknownWrite() {
    history_.has_times = true;
    history_.keys = {"k"};
    history_.values = {"nil", "c0-1"};
    history_.processes = {"client 0", "client 1"};
    Add(Kind::kWrite, 0, 10, kNever, 1);
    Add(Kind::kRead, 0, 20, 21, kNil);
    Add(Kind::kRead, 1, 30, 31, 1);
  }

  void Add(Kind kind, uint32_t process, int64_t begin, int64_t end, Value value) {
    Operation& added = history_.operations.emplace_back();
    added.kind = kind;
    added.process = process;
    added.begin = begin;
    added.end = end;
    added.value = value;
    added.outcome = end == kNever ? Outcome::kUnknown : Outcome::kYes;
  }
  std::string Write(Format format) {
    const auto text = WriteHistory(history_, format);
    EXPECT_TRUE(text.ok()) << text.status();
    return text.value_or("");
  }
  // The verdict on the written file.
  Holds Judge(Format format, Guarantee guarantee) {
    ReadOptions options;
    options.format = format;
    options.nil_is_empty = true;
    const auto read = ReadHistory(Write(format), "run", options);
    EXPECT_TRUE(read.ok()) << read.status();
    if (!read.ok()) return Holds::kUnknown;
    return judge::Judge(*read, {guarantee}, {}).at(0).holds;
  }
  void ExpectJudged(std::initializer_list<Format> formats, Guarantee guarantee, Holds holds) {
    for (const Format format : formats) EXPECT_EQ(Judge(format, guarantee), holds);
  }

  History history_;
};

TEST_F(UnknownWrite, ItsClientGoesOnUnderAnotherProcessNumber) {
  EXPECT_EQ(Write(Format::kKv),
            "{:process 0, :type :invoke, :f :put, :key \"0\", :value \"1\"}\n"
            "{:process 2, :type :invoke, :f :get, :key \"0\", :value nil}\n"
            "{:process 2, :type :ok, :f :get, :key \"0\", :value \"\"}\n"
            "{:process 1, :type :invoke, :f :get, :key \"0\", :value nil}\n"
            "{:process 1, :type :ok, :f :get, :key \"0\", :value \"1\"}\n");
  ExpectJudged({Format::kKv, Format::kJepsen}, Guarantee::kLinearizable, Holds::kYes);
  Add(Kind::kRead, 1, 40, 41, kNil);
  ExpectJudged({Format::kKv, Format::kJepsen}, Guarantee::kLinearizable, Holds::kNo);
}

// A retried write of a log has a position for each attempt: the one that was acknowledged, and
// those that may have happened as well.
TEST_F(UnknownWrite, OneThatBeginsDuringAnotherOperationOfItsClientHasItsOwnNumber) {
  history_.values.push_back("c1-1");
  history_.values.push_back("c1-1@2:7");
  Add(Kind::kWrite, 1, 40, 45, 2);
  Add(Kind::kWrite, 1, 40, kNever, 3);
  Add(Kind::kRead, 1, 50, 51, 3);
  ExpectJudged({Format::kKv, Format::kJepsen}, Guarantee::kLinearizable, Holds::kYes);
}

TEST_F(UnknownWrite, AReadThatWasNeverAnsweredIsNoReadOfNothing) {
  const std::string kv = Write(Format::kKv);
  const std::string plume = Write(Format::kPlume);
  Add(Kind::kRead, 1, 40, kNever, kNil);
  EXPECT_EQ(Write(Format::kKv), kv);
  EXPECT_EQ(Write(Format::kPlume), plume);
  EXPECT_EQ(Judge(Format::kJepsen, Guarantee::kLinearizable), Holds::kYes);
}

TEST_F(UnknownWrite, IsASessionOfItsOwnInTextsWithoutTimes) {
  EXPECT_EQ(Write(Format::kPlume), "r(0,0,0,0)\nr(0,1,1,1)\nw(0,1,2,2)\n");
  EXPECT_EQ(Write(Format::kDbcop), "[k0==?]\n---\n[k0==1]\n---\n[k0:=1]\n");
  ExpectJudged({Format::kPlume, Format::kDbcop}, Guarantee::kCausal, Holds::kYes);
  Add(Kind::kRead, 1, 40, 41, kNil);
  ExpectJudged({Format::kPlume, Format::kDbcop}, Guarantee::kCausal, Holds::kNo);
}

TEST_F(UnknownWrite, IsLeftOutOfTextsWithoutTimesIfNobodyReadIt) {
  history_.operations.pop_back();
  EXPECT_EQ(Write(Format::kPlume), "r(0,0,0,0)\n");
}

TEST(WriteHistory, AnUnknownTransactionIsASessionOfItsOwn) {
  History history;
  history.model = Model::kTransactions;
  history.has_times = true;
  history.keys = {"k", "l"};
  history.values = {"nil", "c0-1"};
  history.processes = {"client 0", "client 1"};
  history.steps = {
      {Kind::kWrite, 0, 1}, {Kind::kWrite, 1, 1}, {Kind::kRead, 0, kNil}, {Kind::kRead, 1, 1}};
  const auto add = [&history](uint32_t session, int64_t begin, int64_t end, uint32_t first,
                              uint32_t count) {
    Transaction& added = history.transactions.emplace_back();
    added.session = session;
    added.begin = begin;
    added.end = end;
    added.first = first;
    added.count = count;
    added.outcome = end == kNever ? Outcome::kUnknown : Outcome::kYes;
  };
  add(0, 10, kNever, 0, 2);
  add(0, 20, 21, 2, 1);
  add(1, 30, 31, 3, 1);
  for (const Format format : {Format::kPlume, Format::kDbcop, Format::kJepsen}) {
    const auto text = WriteHistory(history, format);
    ASSERT_TRUE(text.ok()) << text.status();
    ReadOptions options;
    options.format = format;
    const auto read = ReadHistory(*text, "run", options);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(judge::Judge(*read, {Guarantee::kCausal}, {}).at(0).holds, Holds::kYes) << *text;
  }
}

}  // namespace
}  // namespace replsim::history::write_history_test
