// Reading other tools' histories (simulator/history).
#include "simulator/history/read_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace replsim::history::read_history_test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

History Read(absl::string_view text, const ReadOptions& options = {}) {
  absl::StatusOr<History> history = ReadHistory(text, "f", options);
  EXPECT_TRUE(history.ok()) << history.status().message();
  return history.ok() ? *std::move(history) : History{};
}
std::string Mistake(absl::string_view text, const ReadOptions& options = {}) {
  const absl::StatusOr<History> history = ReadHistory(text, "f", options);
  return history.ok() ? "accepted" : std::string(history.status().message());
}

TEST(ReadHistory, JepsenMapsMayStandBareOrInAVectorOrAList) {
  const std::string rows =
      "{:type :invoke, :f :write, :value 3, :process 0} ; a comment\n"
      "{:process 0 :type :ok :f :write :value 3 #_ignored #_(1 2)}\n";
  for (const std::string& text : {rows, "[" + rows + "]", "(" + rows + ")"}) {
    const History history = Read(text);
    ASSERT_THAT(history.operations, SizeIs(1)) << text;
    EXPECT_EQ(history.operations[0].kind, Kind::kWrite);
    EXPECT_EQ(history.TextOf(history.operations[0].value), "3");
    EXPECT_EQ(history.operations[0].line, 1u);
    EXPECT_EQ(history.operations[0].end_line, 2u);
  }
}

TEST(ReadHistory, ATaggedMapIsTheMap) {
  const History history = Read(
      "#jepsen.history.Op{:index 0, :time 5, :type :invoke, :process 1, :f :read, :value nil}\n"
      "#jepsen.history.Op{:index 1, :time 9, :type :ok, :process 1, :f :read, :value 4}\n");
  ASSERT_THAT(history.operations, SizeIs(1));
  EXPECT_TRUE(history.has_times);
  EXPECT_EQ(history.operations[0].begin, 5);
  EXPECT_EQ(history.operations[0].end, 9);
}

TEST(ReadHistory, WhatFailedDidNotHappenAndWhatIsUnknownMayHappenLater) {
  const History history = Read(
      "{:process 0 :type :invoke :f :write :value 1}{:process 0 :type :fail :f :write :value 1}"
      "{:process 1 :type :invoke :f :write :value 2}{:process 1 :type :info :f :write :value :lost}"
      "{:process 2 :type :invoke :f :cas :value [1 2]}{:process 2 :type :fail :f :cas :value [1 2]}"
      "{:process 3 :type :invoke :f :read}{:process 3 :type :ok :f :read :value nil}");
  ASSERT_THAT(history.operations, SizeIs(1));
  EXPECT_EQ(history.TextOf(history.operations[0].value), "2") << "what it asked for counts";
  EXPECT_EQ(history.operations[0].end, kNever);
  EXPECT_THAT(history.assumptions, Contains(HasSubstr("1 failed compare-and-sets left out")));
  EXPECT_THAT(history.assumptions, Contains(HasSubstr("1 reads of nil left out")));
}

TEST(ReadHistory, OptionsSayWhatAFailedCasAndANilMean) {
  ReadOptions options;
  options.failed_cas_is_answer = true;
  options.nil_is_empty = true;
  options.initial = "0";
  const History history = Read(
      "{:process 2 :type :invoke :f :cas :value [1 2]}{:process 2 :type :fail :f :cas :value [1 2]}"
      "{:process 3 :type :invoke :f :read}{:process 3 :type :ok :f :read :value nil}",
      options);
  ASSERT_THAT(history.operations, SizeIs(2));
  EXPECT_EQ(history.operations[0].outcome, Outcome::kNo);
  EXPECT_EQ(history.operations[1].value, kNil);
  EXPECT_EQ(history.TextOf(history.initial), "0");
}

TEST(ReadHistory, ALogIsReadAsPorcupineReadsIt) {
  const History history = Read(
      "INFO  jepsen.util - 0\t:invoke\t:cas\t[0 3]\n"
      "INFO  jepsen.util - :nemesis\t:info\t:start\tnil\n"
      "INFO  jepsen.util - 1\t:invoke\t:read\tnil\n"
      "INFO  jepsen.util - 0\t:fail\t:cas\t[0 3]\n"
      "INFO  jepsen.util - 1\t:ok\t:read\tnil\n"
      "INFO  jepsen.util - 2\t:invoke\t:write\t4\n"
      "INFO  jepsen.util - 2\t:info\t:write\t:timed-out\n");
  ASSERT_THAT(history.operations, SizeIs(3));
  EXPECT_EQ(history.operations[0].outcome, Outcome::kNo);
  EXPECT_EQ(history.operations[1].value, kNil) << "nil is a value";
  EXPECT_EQ(history.TextOf(history.operations[2].value), "4");
  EXPECT_EQ(history.operations[2].outcome, Outcome::kUnknown);
}

TEST(ReadHistory, KeysComeFromPairsOrFromAFieldOfTheirOwn) {
  EXPECT_THAT(Read("{:process 0 :type :invoke :f :write :value [7 1]}"
                   "{:process 0 :type :ok :f :write :value [7 1]}"
                   "{:process 0 :type :invoke :f :read :value [8 nil]}"
                   "{:process 0 :type :ok :f :read :value [8 2]}")
                  .keys,
              ElementsAre("7", "8"));
  const History kv = Read(
      "{:process 0, :type :invoke, :f :append, :key \"3\", :value \"x\"}\n"
      "{:process 0, :type :ok, :f :append, :key \"3\", :value \"x\"}\n"
      "{:process 0, :type :invoke, :f :get, :key \"3\", :value nil}\n"
      "{:process 0, :type :ok, :f :get, :key \"3\", :value \"x\"}\n");
  EXPECT_EQ(kv.model, Model::kKvAppend);
  EXPECT_THAT(kv.keys, ElementsAre("3"));
}

TEST(ReadHistory, ValuesAreTheSameIfTheirTextsAre) {
  const History history = Read(
      "{:process 0 :type :invoke :f :txn :value [[:append k 1]]}"
      "{:process 0 :type :ok :f :txn :value [[:append k 1]]}"
      "{:process 1 :type :invoke :f :txn :value [[:r k nil]]}"
      "{:process 1 :type :ok :f :txn"
      " :value [[:r k [7 \"7\" +7 07 \"07\" -0 9223372036854775807 x \"x\" [7 (x)]]]]}");
  ASSERT_THAT(history.lists, SizeIs(1));
  std::vector<std::string> texts;
  for (const Value value : history.lists[0]) texts.push_back(history.TextOf(value));
  EXPECT_THAT(texts, ElementsAre("7", "7", "7", "7", "07", "0", "9223372036854775807", "x", "x",
                                 "[7 [x]]"));
  EXPECT_EQ(history.lists[0][0], history.lists[0][1]) << "the number and the text";
  EXPECT_EQ(history.lists[0][7], history.lists[0][8]);
  EXPECT_THAT(history.values, SizeIs(1 + 1 + 6)) << "nil, 1, and each text once";
}

TEST(ReadHistory, JsonSaysTheSameAsEdn) {
  const History history = Read(
      "[{\"process\":0,\"type\":\"invoke\",\"f\":\"txn\",\"value\":[[\"append\",\"x\",1],[\"r\","
      "\"y\",null]]},\n"
      "{\"process\":0,\"type\":\"ok\",\"f\":\"txn\",\"value\":[[\"append\",\"x\",1],[\"r\",\"y\",["
      "2,3]]]}]");
  EXPECT_EQ(history.model, Model::kListAppend);
  ASSERT_THAT(history.transactions, SizeIs(1));
  ASSERT_THAT(history.steps, SizeIs(2));
  EXPECT_THAT(history.lists[static_cast<size_t>(history.steps[1].value)], SizeIs(2));
}

TEST(ReadHistory, TextsOfTransactionsAreReadIntoSessions) {
  const History plume = Read("w(1,5,0,0)\nr(1,0,1,7)\nw(2,6,0,0)\nw(1,9,1,-1)\n");
  ASSERT_THAT(plume.transactions, SizeIs(3));
  EXPECT_EQ(plume.transactions[0].count, 2u);
  EXPECT_EQ(plume.steps[2].value, kNil) << "0 is the initial value";
  EXPECT_EQ(plume.transactions[2].outcome, Outcome::kNo);
  const History awdit = Read("w 1 0\nr 2 1\n-----\nw 2 1\n=====\nr 1 0\n");
  ASSERT_THAT(awdit.transactions, SizeIs(3));
  EXPECT_EQ(awdit.transactions[2].session, 1u);
  const History dbcop = Read("// one\n[x:=1 y==?] [z:=2]!\n---\n[x==1]\n");
  ASSERT_THAT(dbcop.transactions, SizeIs(3));
  EXPECT_EQ(dbcop.steps[1].value, kNil);
  EXPECT_EQ(dbcop.transactions[1].outcome, Outcome::kNo);
  EXPECT_EQ(dbcop.transactions[2].session, 1u);
}

TEST(ReadHistory, AMalformedFileIsRefusedWithItsPlace) {
  EXPECT_THAT(Mistake(""), HasSubstr("f:1:1: this is no history that replsim knows"));
  EXPECT_THAT(Mistake("hello"), HasSubstr("no history that replsim knows"));
  EXPECT_EQ(Mistake("{:process 0\n :type :invoke"), "f:1:1: '{' is never closed");
  EXPECT_EQ(Mistake("[\n  ]]"), "f:2:4: expected the end of the file");
  EXPECT_EQ(Mistake("{:process 0 :type}"), "f:1:1: a map with a key that has no value");
  EXPECT_EQ(Mistake("{:process 0 :f \"x}"), "f:1:16: a string without an end");
  EXPECT_THAT(Mistake("[1]"), HasSubstr("f:1:2: expected a map"));
  EXPECT_EQ(Mistake("{:process 0 :f :read}"), "f:1:1: a row without a name as :type");
  EXPECT_EQ(Mistake("[\n {:process 0 :f [read] :type :ok}]"), "f:2:2: a row without a name as :f");
  EXPECT_EQ(Mistake("{:process 0 :f :read :type :done}"),
            "f:1:29: unknown type 'done'; known: invoke, ok, fail, info");
  EXPECT_EQ(
      Mistake("{:process 0\n :f :read :type :inwoke}"),
      "f:2:18: unknown type 'inwoke'; did you mean 'invoke'? (known: invoke, ok, fail, info)");
  EXPECT_EQ(Mistake("{:process 0\n :f :read\n :type}"),
            "f:1:1: a map with a key that has no value");
  EXPECT_THAT(Mistake("{:process 0 :f :fly :type :invoke}\n{:process 0 :f :fly :type :ok}"),
              HasSubstr("f:1:17: unknown operation ':fly'; known: read, write, cas"));
  EXPECT_THAT(Mistake("{:process 0 :f :cas :type :invoke :value [7]}"),
              HasSubstr("f:1:43: expected the value of a cas as [expected new]"));
  EXPECT_THAT(Mistake("INFO  jepsen.util - 0 :invoke :read nil\nINFO  x"),
              HasSubstr("f:2:1: expected a line such as"));
  EXPECT_EQ(Mistake("w(1,2,3)"), "f:1:3: expected four numbers: key, value, session, transaction");
  EXPECT_THAT(Mistake("w 1 2\nx 1 2"), HasSubstr("f:2:1: expected 'w KEY VALUE'"));
  EXPECT_THAT(Mistake("[x:=1]\n[y=2]"), HasSubstr("f:2:2: expected a step such as x:=1"));
  EXPECT_THAT(Mistake(absl::StrCat(std::string(100, '['), std::string(100, ']'))),
              HasSubstr("nested deeper than 64"));
}

TEST(ReadHistory, WhatTheNemesisDoesIsABandFromItsFirstRowToItsNext) {
  const std::string client =
      "{:process 0 :type :invoke :f :read :time 1}{:process 0 :type :ok :f :read :value 1 :time 9}";
  const History history = Read(client +
                               "{:process :nemesis :type :info :f :kill :time 10}"
                               "{:process :nemesis :type :info :f :kill :time 14}"
                               "{:process :nemesis :type :info :f :heal :time 20}");
  ASSERT_THAT(history.faults, SizeIs(2));
  EXPECT_EQ(history.faults[0].text, "nemesis kill");
  EXPECT_EQ(history.faults[0].begin, 10);
  EXPECT_EQ(history.faults[0].end, 14);
  EXPECT_EQ(history.faults[1].end, 20) << "an instant, if it is not said when it ended";
  EXPECT_THAT(history.assumptions, Contains("3 rows of processes that are no clients left out"));
}

TEST(ReadHistory, RowsThatDoNotFitTogetherAreRefused) {
  const std::string begin = "{:process 0 :f :read :type :invoke}\n";
  EXPECT_EQ(Mistake(begin + begin),
            "f:2:29: process 0 begins an operation while the one of line 1 is not answered");
  EXPECT_EQ(Mistake("{:process 0 :f :read :type :ok}"),
            "f:1:29: process 0 answers ':ok' without having begun anything");
  EXPECT_EQ(Mistake(begin + "{:process 0 :f :write :type :ok}"),
            "f:2:17: process 0 answers ':write' to the ':read' of line 1");
  EXPECT_THAT(Mistake(begin + "{:process 0 :f :read :type :info}\n" + begin),
              HasSubstr("f:3:29: process 0 goes on after :info in line 2"));
}

}  // namespace
}  // namespace replsim::history::read_history_test
