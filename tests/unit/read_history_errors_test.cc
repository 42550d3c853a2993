// Places in files that are refused (simulator/history).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/history/read_history.h"

namespace replsim::history::read_history_errors_test {
namespace {

using testing::HasSubstr;

std::string Mistake(absl::string_view text, const ReadOptions& options = {}) {
  const absl::StatusOr<History> history = ReadHistory(text, "f", options);
  return history.ok() ? "accepted" : std::string(history.status().message());
}

TEST(ReadHistoryErrors, AMalformedFileIsRefusedWithItsPlace) {
  for (const char* const text : {"", "\n", "; a comment", "\xEF\xBB\xBF\n// another\n"}) {
    EXPECT_THAT(Mistake(text), HasSubstr("f:1:1: the file is empty, or has only comments"));
  }
  EXPECT_THAT(Mistake("hello"), HasSubstr("f:1:1: this is no history that replsim knows"));
  EXPECT_EQ(Mistake("{:process 0\n :type :invoke"), "f:1:1: '{' is never closed");
  EXPECT_EQ(Mistake("[\n  ]]"), "f:2:4: expected the end of the file");
  EXPECT_EQ(Mistake("{:process 0 :type}"), "f:1:1: a map with a key that has no value");
  EXPECT_EQ(Mistake("{:process 0 :f \"x}"), "f:1:16: a string without an end");
  EXPECT_THAT(Mistake("[1]"), HasSubstr("f:1:2: expected a map"));
  EXPECT_EQ(Mistake("{:process 0 :f :read}"),
            "f:1:1: a row without :type; expected one such as :type :invoke");
  EXPECT_EQ(Mistake("[\n {:process 0 :f [read] :type :ok}]"),
            "f:2:17: expected a name as :f, such as :read; read '[read]'");
  EXPECT_EQ(Mistake("{:process 0 :f :read :type 3}"),
            "f:1:28: expected a name as :type, such as :invoke; read '3'");
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
              HasSubstr("f:1:42: expected the value of a cas as [expected new]"));
  EXPECT_EQ(Mistake("INFO  jepsen.util - 0 :invoke :read nil\nINFO  jepsen.util - 1 :ok :read }"),
            "f:2:33: the value cannot be read");
  EXPECT_EQ(Mistake(" w(1,2,3)"), "f:1:4: expected four numbers: key, value, session, transaction");
  EXPECT_THAT(Mistake("w 1 2\nx 1 2"), HasSubstr("f:2:1: expected 'w KEY VALUE'"));
  EXPECT_THAT(Mistake("[x:=1]\n [y=2]"), HasSubstr("f:2:3: expected a step such as x:=1"));
  EXPECT_THAT(Mistake(absl::StrCat(std::string(100, '['), std::string(100, ']'))),
              HasSubstr("nested deeper than 64"));
}

TEST(ReadHistoryErrors, AnEscapeThatMeansNothingIsRefusedWithItsPlace) {
  EXPECT_THAT(Mistake("{:process 0 :f\n \"ab\\qc\"}"), HasSubstr("f:2:5: an unknown escape"));
  EXPECT_THAT(Mistake(R"({:process 0 :f "\u00g0"})"), HasSubstr("f:1:17: an unknown escape"));
  EXPECT_THAT(Mistake(R"({:process 0 :f "\u00"})"), HasSubstr("an unknown escape"));
  EXPECT_THAT(Mistake(R"({:process 0 :f "\ud83d"})"), HasSubstr("the first half of a surrogate"));
  EXPECT_THAT(Mistake(R"({:process 0 :f "\ude00"})"), HasSubstr("the second half of a surrogate"));
}

TEST(ReadHistoryErrors, APlaceIsInTheFileWhateverTheTextMeans) {
  EXPECT_THAT(Mistake("[\n{\"process\":0,\"type\":\"inv\\u006fkes\"}]"),
              HasSubstr("f:2:22: unknown type 'invokes'; did you mean 'invoke'?"));
  EXPECT_THAT(Mistake(R"([{"process":0,"type":"invoke","f":"fl\u0079"}])"),
              HasSubstr("f:1:36: unknown operation ':fly'"));
  EXPECT_THAT(Mistake(R"({:process 0 :type :invoke :f :cas :value "\u0041"})"),
              HasSubstr("f:1:43: expected the value of a cas"));
}

TEST(ReadHistoryErrors, AValueThatIsAbsentOrEmptyHasAPlace) {
  EXPECT_THAT(Mistake("{:process 0 :type :invoke :f :cas}"),
              HasSubstr("f:1:31: expected the value of a cas"));
  EXPECT_THAT(Mistake("{:process 0 :type :invoke :f :cas :value []}"),
              HasSubstr("f:1:42: expected the value of a cas"));
  EXPECT_THAT(Mistake("{:process 0 :type :invoke :value [[:r x]]}\n"
                      " {:process 0 :type :ok :value [[:r x] []]}"),
              HasSubstr("f:2:31: process 0 answers with [[:r x] []]"));
  EXPECT_THAT(Mistake("{:process 0 :type :invoke :f :txn :value [[:r x] []]}"),
              HasSubstr("f:1:50: expected a step such as [:r x 1], read []"));
  EXPECT_THAT(Mistake("{:process 0 :type :invoke :f :read}"
                      "{:process 0 :type :ok :f :read :value {x #{}}}"),
              HasSubstr("f:1:78: expected a balance in whole numbers of 64 bits, read '#{}'"));
}

TEST(ReadHistoryErrors, RowsThatDoNotFitTogetherAreRefused) {
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

TEST(ReadHistoryErrors, AnAnswerThatNamesAnotherChangeIsRefused) {
  const auto answer = [](absl::string_view f, absl::string_view invoked, absl::string_view said) {
    return Mistake(absl::StrCat("{:process 0 :f ", f, " :type :invoke :value ", invoked,
                                "}\n{:process 0 :f ", f, " :type :ok :value ", said, "}"));
  };
  EXPECT_EQ(answer(":write", "1", "2"),
            "f:2:40: process 0 answers with 2 to the ':write' of 1 in line 1");
  EXPECT_EQ(answer(":cas", "[1 2]", "[1 3]"),
            "f:2:38: process 0 answers with [1 3] to the ':cas' of [1 2] in line 1");
  EXPECT_THAT(answer(":add", "1", "2"), HasSubstr("answers with 2"));
  EXPECT_THAT(answer(":txn", "[[:w x 1]]", "[[:w x 2]]"), HasSubstr("answers with [[:w x 2]]"));
  EXPECT_THAT(answer(":txn", "[[:r x nil]]", "[[:r y 2]]"), HasSubstr("answers with [[:r y 2]]"));
  EXPECT_THAT(answer(":txn", "[[:r x nil]]", "[[:w x 2]]"), HasSubstr("answers with [[:w x 2]]"));
  EXPECT_THAT(answer(":txn", "[[:r x] [:w x 1]]", "[[:r x]]"), HasSubstr("answers with [[:r x]]"));
  for (const char* const said : {"1", "1N", "nil", ":done"}) {
    EXPECT_EQ(answer(":write", "1", said), "accepted") << said;
  }
  EXPECT_EQ(answer(":write", "[x 1]", "(x 1)"), "accepted");
  EXPECT_EQ(answer(":read", "1", "2"), "accepted");
  EXPECT_EQ(answer(":txn", "[[:r x] [:w x 1]]", "[[:r x 5] [:w x 1]]"), "accepted");
}

TEST(ReadHistoryErrors, AnObjectIsAMutexOrARegister) {
  const std::string acquire =
      "{:process 0 :f :acquire :type :invoke}{:process 0 :f :acquire :type :ok}\n";
  const std::string write =
      "{:process 0 :f :write :type :invoke :value 1}{:process 0 :f :write :type :ok}\n";
  EXPECT_EQ(
      Mistake(acquire + write),
      "f:2:17: ':write' in a file with the ':acquire' of line 1; expected operations of a mutex "
      "or of a register");
  EXPECT_THAT(Mistake(write + acquire),
              HasSubstr("f:2:17: ':acquire' in a file with the ':write'"));
  ReadOptions options;
  options.is_mutex = true;
  EXPECT_EQ(Mistake(acquire, options), "accepted");
  EXPECT_EQ(
      Mistake(write, options),
      "f:1:17: ':write' is no operation of a mutex (--model mutex); expected acquire or release");
}

TEST(ReadHistoryErrors, ACounterIsNoSet) {
  const std::string add =
      "{:process 0 :type :invoke :f :add :value 1}{:process 0 :type :ok :f :add :value 1}\n"
      "{:process 0 :type :invoke :f :read}{:process 0 :type :ok :f :read :value ";
  EXPECT_THAT(
      Mistake(add + "2}"),
      HasSubstr("f:2:74: a read of 2 where ':add's are: a counter, which replsim does not"));
  EXPECT_THAT(Mistake(add + ":x}"), HasSubstr("f:2:75: expected the elements of the set"));
}

TEST(ReadHistoryErrors, AFileWithoutOperationsIsNoHistory) {
  EXPECT_THAT(Mistake("[]"), HasSubstr("f:1:1: the file has no operation of a client"));
  EXPECT_THAT(Mistake("{:process :nemesis :type :info}"), HasSubstr("no operation of a client"));
  ReadOptions options;
  for (const Format format : {Format::kPlume, Format::kAwdit, Format::kDbcop, Format::kJepsenLog}) {
    options.format = format;
    EXPECT_THAT(Mistake("", options), HasSubstr("no operation of a client"));
  }
}

}  // namespace
}  // namespace replsim::history::read_history_errors_test
