// Reading other tools' histories (simulator/history).
#include "simulator/history/read_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
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

// Nanoseconds since 1970, as wall clocks give them, have 19 digits.
TEST(ReadHistory, TimesMayHaveAsManyDigitsAs64BitsHold) {
  const auto rows = [](absl::string_view begin, absl::string_view end) {
    return absl::StrCat("{:process 0 :type :invoke :f :write :value 1 :time ", begin,
                        "}{:process 0 :type :ok :f :write :value 1 :time ", end, "}");
  };
  for (const auto& [begin, end] : std::vector<std::pair<const char*, const char*>>{
           {"1764500000000000000", "1764500000001000000"},
           {"-1764500000001000000", "+1764500000000000000"},
           {"1764500000.0", "1.764500001e9"}}) {
    const History history = Read(rows(begin, end));
    ASSERT_THAT(history.operations, SizeIs(1)) << begin;
    EXPECT_TRUE(history.has_times) << begin;
    EXPECT_GE(history.operations[0].end - history.operations[0].begin, 1) << begin;
  }
  EXPECT_EQ(Read(rows("1764500000000000000", "1764500000001000000")).operations[0].end,
            1764500000001000000);
  for (const char* const time : {"1.5", "9223372036854775807", "99999999999999999999", "1e300",
                                 "4611686018427387904", "-4611686018427387904"}) {
    EXPECT_THAT(
        Mistake(rows("1", time)),
        HasSubstr("f:1:101: expected :time in whole nanoseconds, closer to 0 than 2^62; read '"))
        << time;
  }
  EXPECT_THAT(Mistake(rows("1", "\"2\"")), HasSubstr("f:1:102: expected :time in whole"));
  EXPECT_FALSE(Read(rows("nil", "nil")).has_times);
}

// Otherwise its rows would count as those of a nemesis.
TEST(ReadHistory, AProcessOfAnyNumberOrWithANameIsAClient) {
  for (const char* const process :
       {"1764500000000000000", "99999999999999999999", "1.0", "\"client-1\""}) {
    const std::string rows =
        absl::StrCat("{:process ", process, " :type :invoke :f :write :value 1}");
    EXPECT_THAT(Read(rows).operations, SizeIs(1)) << process;
    EXPECT_THAT(Read(rows).processes, ElementsAre(HasSubstr(process))) << process;
  }
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

TEST(ReadHistory, ALogMayBeginWithOtherLinesThanOperations) {
  for (const char* const logger :
       {"INFO  jepsen.util - ", "INFO [2020-01-01 10:00:00,000] jepsen worker 0 - jepsen.util ",
        "2020-01-01 10:00:00,000{GMT}\tINFO\t[jepsen worker 0] jepsen.util: "}) {
    const History history = Read(
        absl::StrCat("INFO  jepsen.os.debian - :n5 setting up debian\n    at a.trace(of.a:7)\n",
                     logger, "0\t:invoke\t:write\t4\nINFO  jepsen.core - 1 node - of 5\n", logger,
                     "0\t:ok\t:write\t4\n"));
    ASSERT_THAT(history.operations, SizeIs(1)) << logger;
    EXPECT_EQ(history.operations[0].line, 3u);
    EXPECT_EQ(history.operations[0].end_line, 5u);
  }
}

TEST(ReadHistory, AByteOrderMarkIsNoPartOfTheText) {
  const std::string mark = "\xEF\xBB\xBF";
  EXPECT_THAT(Read(mark + "{:process 0 :type :invoke :f :write :value 1}").operations, SizeIs(1));
  EXPECT_THAT(Read(mark + R"([{"process":0,"type":"invoke","f":"write","value":1}])").operations,
              SizeIs(1));
  EXPECT_THAT(Read(mark + "INFO  jepsen.util - 0 :invoke :write 4\n").operations, SizeIs(1));
  for (const char* const text : {"w(1,5,0,0)\n", "w 1 5\n", "[x:=1]\n"}) {
    EXPECT_THAT(Read(mark + text).transactions, SizeIs(1)) << text;
  }
}

TEST(ReadHistory, CommentsDoNotSayWhichFormatAFileHas) {
  const std::string rows = "{:process 0 :type :invoke :f :write :value 1}";
  EXPECT_THAT(Read("; of {\"etcd\" 3}\n" + rows).operations, SizeIs(1));
  EXPECT_EQ(FindFormat("[; rows: {:key :get}\n #jepsen.history.Op" + rows + "]"), Format::kJepsen);
  EXPECT_EQ(FindFormat("; of {:process 0}\n[{\"process\":0}]"), Format::kJson);
}

// Elle's own examples are written so.
TEST(ReadHistory, RowsOfTransactionsNeedNotSayWhatTheyAre) {
  const History lists = Read(
      "{:process 1 :type :invoke :value [[:r x] [:append y 3]]}"
      "{:process 1 :type :ok :value [[:r x [1 2]] [:append y 3]]}"
      "{:process 1 :type :invoke :value []}{:process 1 :type :ok}"
      "{:process 2 :type :invoke :value [[:r x]]}{:process 2 :type :info :error :timeout}"
      "{:process 3 :type :invoke :value [[:r x]]}{:process 3 :type :ok :value [[:r x]]}");
  EXPECT_EQ(lists.model, Model::kListAppend);
  ASSERT_THAT(lists.transactions, SizeIs(4));
  EXPECT_EQ(lists.transactions[0].count, 2u);
  EXPECT_THAT(lists.lists, ElementsAre(SizeIs(2), SizeIs(0)));
  EXPECT_EQ(lists.transactions[2].outcome, Outcome::kUnknown);
  const History json = Read(R"([{"process":0,"type":"invoke","value":[["w","x",1]]},)"
                            R"({"process":0,"type":"fail","value":[["w","x",1]]}])");
  EXPECT_EQ(json.model, Model::kTransactions);
  EXPECT_EQ(json.transactions[0].outcome, Outcome::kNo);
  for (const char* const value : {"", ":value 3", ":value [1 2]", ":value [[:r x 1] 2]"}) {
    EXPECT_THAT(
        Mistake(absl::StrCat("\n{:process 0 :type :invoke ", value, "}")),
        HasSubstr("f:2:1: a row without :f; expected one such as :f :read, or the steps of"))
        << value;
  }
}

TEST(ReadHistory, RowsWithoutAProcessAreOfOneClientUnlessTheyOverlap) {
  const std::string begin = "{:type :invoke :f :read}\n";
  const std::string end = "{:type :ok :f :read :value 1}\n";
  EXPECT_THAT(Read(begin + end + begin + end).processes, SizeIs(1));
  EXPECT_EQ(Mistake(begin + begin),
            "f:2:9: a row without :process begins an operation while the one of line 1 is not "
            "answered; expected the client as :process");
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

// The elements of a list that was read, written one after the other.
std::vector<std::string> Elements(absl::string_view elements) {
  const History history =
      Read(absl::StrCat("{:process 0 :type :invoke :f :txn :value [[:append k 1]]}"
                        "{:process 0 :type :ok :f :txn :value [[:append k 1]]}"
                        "{:process 1 :type :invoke :f :txn :value [[:r k nil]]}"
                        "{:process 1 :type :ok :f :txn :value [[:r k [",
                        elements, "]]]}"));
  std::vector<std::string> texts;
  if (history.lists.empty()) return texts;
  for (const Value value : history.lists[0]) texts.push_back(history.TextOf(value));
  return texts;
}

TEST(ReadHistory, ValuesAreTheSameIfTheyAreEqualInEdn) {
  EXPECT_THAT(Elements("7 +7 07 7N -0 9223372036854775807 +99999999999999999999N "
                       "99999999999999999999"),
              ElementsAre("7", "7", "7", "7", "0", "9223372036854775807", "99999999999999999999",
                          "99999999999999999999"));
  EXPECT_THAT(Elements("1.50 15e-1 1.0 1e0 1/2 1.5M 1e999"),
              ElementsAre("1.5", "1.5", "1.0", "1.0", "1/2", "1.5M", "1e999"));
  EXPECT_THAT(
      Elements("[7 (x)] (7 [x]) #{1 2} #{2 1} {:a 1 :b 2} {:b 2, :a 1}"),
      ElementsAre("[7 [x]]", "[7 [x]]", "#{1 2}", "#{1 2}", "{:a 1, :b 2}", "{:a 1, :b 2}"));
}

TEST(ReadHistory, ValuesOfDifferentTypesAreDifferent) {
  EXPECT_THAT(Elements("7 \"7\" :7 x \"x\" :x nil \"nil\" :nil true \"true\" [1 2] #{1 2} {1 2}"),
              ElementsAre("7", "\"7\"", ":7", "x", "\"x\"", ":x", "nil", "\"nil\"", ":nil", "true",
                          "\"true\"", "[1 2]", "#{1 2}", "{1 2}"));
  EXPECT_THAT(Elements(R"(["a" "b"] ["a\" \"b"])"), ElementsAre(R"(["a" "b"])", R"(["a\" \"b"])"));
}

TEST(ReadHistory, TheInitialValueMayBeGivenWithoutItsQuotes) {
  const auto initial = [](const char* text, const char* written) {
    ReadOptions options;
    options.initial = text;
    const History history =
        Read(absl::StrCat("{:process 0 :type :invoke :f :write :value ", written, "}"), options);
    return history.TextOf(history.initial);
  };
  EXPECT_EQ(initial("a", "\"a\""), "\"a\"");
  EXPECT_EQ(initial("a", "a"), "a");
  EXPECT_EQ(initial("\"a\"", "a"), "\"a\"");
  EXPECT_EQ(initial("0", "\"0\""), "\"0\"");
  EXPECT_EQ(initial("0", "0"), "0");
  EXPECT_EQ(initial(":a", "1"), ":a");
  EXPECT_EQ(initial("[2 1]", "(2 1)"), "[2 1]");
  EXPECT_EQ(initial("a b", "\"a b\""), "\"a b\"");
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

// The text of the only write, which was written as `value`.
std::string Written(absl::string_view value, bool json) {
  const std::string rows =
      json ? absl::StrCat("{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"value\":", value,
                          "}")
           : absl::StrCat("{:process 0 :type :invoke :f :write :value ", value, "}");
  const History history = Read(rows);
  return history.operations.empty() ? "" : history.TextOf(history.operations[0].value);
}

TEST(ReadHistory, EscapesInStringsAreDecoded) {
  for (const bool json : {false, true}) {
    EXPECT_EQ(Written(R"("\u00e4")", json), Written("\"\xC3\xA4\"", json));
    EXPECT_EQ(Written(R"("a\u0041")", json), Written("\"aA\"", json));
    EXPECT_EQ(Written(R"("a\/b")", json), Written("\"a/b\"", json));
    EXPECT_EQ(Written(R"("\u20AC")", json), Written("\"\xE2\x82\xAC\"", json));
    EXPECT_EQ(Written(R"("x\uD83D\ude00y")", json), Written("\"x\xF0\x9F\x98\x80y\"", json));
    EXPECT_EQ(Written(R"("\t\n\u0022")", json), Written("\"\t\n\\\"\"", json));
    EXPECT_NE(Written(R"("\\n")", json), Written(R"("\n")", json));
  }
  EXPECT_EQ(Read("INFO  jepsen.util - 0 :invoke :write \"a\\u0041\"\n"
                 "INFO  jepsen.util - 0 :ok :write \"aA\"\n"
                 "INFO  jepsen.util - 1 :invoke :write [\"aA\" \"\\t\"]\n")
                .values.size(),
            3u);
  EXPECT_THAT(
      Read(R"({"pr\u006fcess":0,"type":"inv\u006fke","f":"wr\u0069te","value":1})").operations,
      SizeIs(1));
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
  const History json = Read(R"([{"process":"nemesis","type":"info","f":"kill","time":1}])");
  EXPECT_THAT(json.faults, SizeIs(1));
  EXPECT_THAT(json.operations, SizeIs(0));
}

}  // namespace
}  // namespace replsim::history::read_history_test
