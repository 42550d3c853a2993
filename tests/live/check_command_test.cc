// `replsim check` as a user calls it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/live/live_fixture.h"

namespace replsim::check_command_test {
namespace {

using testing::HasSubstr;

constexpr char kGood[] =
    "{:process 0, :type :invoke, :f :write, :value 1, :time 0}\n"
    "{:process 0, :type :ok, :f :write, :value 1, :time 1000000}\n"
    "{:process 1, :type :invoke, :f :read, :value nil, :time 2000000}\n"
    "{:process 1, :type :ok, :f :read, :value 1, :time 3000000}\n";
constexpr char kLate[] =
    "{:process 0, :type :invoke, :f :write, :value 2, :time 4000000}\n"
    "{:process 0, :type :ok, :f :write, :value 2, :time 5000000}\n"
    "{:process 1, :type :invoke, :f :read, :value nil, :time 8000000}\n"
    "{:process 1, :type :ok, :f :read, :value 1, :time 9000000}\n";

class CheckCommandTest : public LiveTest {};

TEST_F(CheckCommandTest, TheExitStatusIsTheVerdict) {
  const std::string good = WriteFile("good.edn", kGood);
  const std::string bad = WriteFile("bad.edn", std::string(kGood) + kLate);
  EXPECT_EQ(Replsim("check " + good).exit, 0);
  const CommandResult late = Replsim("check " + bad);
  EXPECT_EQ(late.exit, 1);
  EXPECT_THAT(late.output, HasSubstr("NOT linearizable"));
  EXPECT_THAT(late.output, HasSubstr("holds but for 3.0 ms"));
  EXPECT_THAT(late.output, HasSubstr("process 1 read 1 (line 7)"));
  EXPECT_THAT(late.output, HasSubstr("a contradiction"));
  const CommandResult quiet = Replsim("check -q " + good + " " + bad);
  EXPECT_EQ(quiet.exit, 1);
  EXPECT_EQ(quiet.output, good + "\tyes\n" + bad + "\tno\n");
}

TEST_F(CheckCommandTest, ClocksThatMayBeWrongExcuseWhatIsLateByLess) {
  const std::string bad = WriteFile("bad.edn", std::string(kGood) + kLate);
  EXPECT_EQ(Replsim("check --clock-error 2ms " + bad).exit, 1);
  EXPECT_EQ(Replsim("check --clock-error 3ms " + bad).exit, 0);
  // The read of a set that misses 7 began 1 ms after the answer to its add.
  const std::string set =
      WriteFile("set.edn",
                "{:process 1, :type :invoke, :f :add, :value 8, :time 0}\n"
                "{:process 1, :type :ok, :f :add, :value 8, :time 1}\n"
                "{:process 0, :type :invoke, :f :add, :value 7, :time 1}\n"
                "{:process 0, :type :ok, :f :add, :value 7, :time 1000000}\n"
                "{:process 0, :type :invoke, :f :add, :value 8, :time 1100000}\n"
                "{:process 0, :type :ok, :f :add, :value 8, :time 1200000}\n"
                "{:process 1, :type :invoke, :f :read, :value nil, :time 2000000}\n"
                "{:process 1, :type :ok, :f :read, :value [8], :time 3000000}\n");
  EXPECT_EQ(Replsim("check " + set).exit, 1);
  EXPECT_EQ(Replsim("check --clock-error 2ms " + set).exit, 0);
  const std::string lines = WriteFile("lines.txt", "w 1 0\n=====\nr 1 0\n");
  EXPECT_THAT(Replsim("check --clock-error 2ms " + lines).output,
              HasSubstr("--clock-error has no effect: the file has no times"));
}

TEST_F(CheckCommandTest, WhatCannotBeJudgedIsUnknown) {
  const std::string good = WriteFile("good.edn", kGood);
  const CommandResult atomic = Replsim("check --for read-atomic " + good);
  EXPECT_EQ(atomic.exit, 2);
  EXPECT_THAT(atomic.output, HasSubstr("this history cannot show what --for asks for"));
}

// Process 1 reads 2, and then 1, which had already been overwritten.
constexpr char kBack[] =
    "{:process 0, :type :invoke, :f :write, :value 1}\n"
    "{:process 0, :type :ok, :f :write, :value 1}\n"
    "{:process 0, :type :invoke, :f :write, :value 2}\n"
    "{:process 0, :type :ok, :f :write, :value 2}\n"
    "{:process 1, :type :invoke, :f :read, :value nil}\n"
    "{:process 1, :type :ok, :f :read, :value 2}\n"
    "{:process 1, :type :invoke, :f :read, :value nil}\n"
    "{:process 1, :type :ok, :f :read, :value 1}\n";

TEST_F(CheckCommandTest, SessionGuaranteesNameTheLinesThatBreakThem) {
  const std::string back = WriteFile("back.edn", kBack);
  EXPECT_EQ(Replsim("check --for read-your-writes " + back).exit, 0);
  const CommandResult reads = Replsim("check --for monotonic-reads " + back);
  EXPECT_EQ(reads.exit, 1);
  EXPECT_THAT(reads.output, HasSubstr("NOT monotonic-reads"));
  EXPECT_THAT(reads.output, HasSubstr("1 of 1 operation; process 1 read 1 (line 7) after process 1 "
                                      "read 2 (line 5)"));
  EXPECT_THAT(reads.output, HasSubstr("the write of 1 is before the write of 2, because process 0 "
                                      "wrote it first"));
  EXPECT_EQ(Replsim("check -q --for sequential,writes-follow-reads " + back).output,
            back + "\tno\n");
  const CommandResult json = Replsim("check --json - --for monotonic-reads " + back);
  EXPECT_THAT(json.output, HasSubstr("\"guarantee\": \"monotonic-reads\""));
  EXPECT_THAT(json.output, HasSubstr("\"bad_operations\": 1"));
  EXPECT_THAT(json.output, HasSubstr("\"line\": 7,\n      \"answer_line\": 8"));
}

TEST_F(CheckCommandTest, WhatIsBelowLinearizableIsJudgedWhereThatDoesNotHold) {
  const CommandResult late = Replsim("check " + WriteFile("bad.edn", std::string(kGood) + kLate));
  EXPECT_THAT(late.output, HasSubstr("NOT linearizable"));
  EXPECT_THAT(late.output, HasSubstr("sequential               holds\n"));
  EXPECT_THAT(late.output, HasSubstr("monotonic-reads          holds\n"));
  EXPECT_THAT(late.output,
              HasSubstr("writes-follow-reads      holds: no operation could have shown"));
  const CommandResult good = Replsim("check " + WriteFile("good.edn", kGood));
  EXPECT_THAT(good.output, testing::Not(HasSubstr("sequential")));
}

TEST_F(CheckCommandTest, TheOrderOfWritesIsThatOfTimeUnlessAskedOtherwise) {
  const std::string text = WriteFile(
      "other.edn",
      "{:process 0, :type :invoke, :f :write, :value 1}{:process 0, :type :ok, :f :write, :value "
      "1}\n"
      "{:process 1, :type :invoke, :f :write, :value 2}{:process 1, :type :ok, :f :write, :value "
      "2}\n"
      "{:process 1, :type :invoke, :f :read}{:process 1, :type :ok, :f :read, :value 1}\n");
  const CommandResult both = Replsim("check --for sequential,read-your-writes " + text);
  EXPECT_EQ(both.exit, 1);
  EXPECT_THAT(both.output, HasSubstr("sequential               holds: with process 1 wrote 2 (line "
                                     "2) before process 0 wrote 1 (line 1)"));
  EXPECT_THAT(both.output, HasSubstr("NOT read-your-writes"));
  EXPECT_EQ(
      Replsim("check --writes-in-order-of clients --for sequential,read-your-writes " + text).exit,
      0);
}

TEST_F(CheckCommandTest, AMisspeltGuaranteeIsAnsweredWithTheNearestOne) {
  const CommandResult result = Replsim("check --for sequencial " + WriteFile("good.edn", kGood));
  EXPECT_EQ(result.exit, 64);
  EXPECT_THAT(result.output, HasSubstr("unknown 'sequencial'; did you mean 'sequential'?"));
}

TEST_F(CheckCommandTest, ATimeLimitThatIsOverIsUnknown) {
  const std::string back = WriteFile("back.edn", kBack);
  const CommandResult late = Replsim("check --time-limit 0ms " + back);
  EXPECT_EQ(late.exit, 2);
  EXPECT_THAT(late.output, HasSubstr("unknown: the time limit was reached (--time-limit)"));
}

TEST_F(CheckCommandTest, AFileThatCannotBeReadIsStatus64) {
  const std::string broken = WriteFile("broken.edn", "{:process 0 :type :invoke");
  const CommandResult result = Replsim("check " + broken);
  EXPECT_EQ(result.exit, 64);
  EXPECT_THAT(result.output, HasSubstr("broken.edn:1:1: '{' is never closed"));
  EXPECT_EQ(Replsim("check /no/such/file.edn").exit, 64);
  EXPECT_EQ(Replsim("check --time-limit soon x.edn").exit, 64);
  const std::string good = WriteFile("good.edn", kGood);
  for (const std::string versions : {"-1", "99999999999999999999", "1.5", "x"}) {
    const CommandResult bound =
        Replsim("check --for bounded-staleness --versions " + versions + " " + good);
    EXPECT_EQ(bound.exit, 64) << versions << bound.output;
  }
  EXPECT_EQ(Replsim("check --for bounded-staleness --versions 0 " + good).exit, 0);
  const CommandResult mutex = Replsim("check --model mutex " + good);
  EXPECT_EQ(mutex.exit, 64);
  EXPECT_THAT(mutex.output, HasSubstr("good.edn:1:33: ':write' is no operation of a mutex"));
  EXPECT_EQ(Replsim("check --for nonsense x.edn").exit, 64);
}

TEST_F(CheckCommandTest, AHyphenIsStdin) {
  const std::string good = WriteFile("good.edn", kGood);
  const std::string bad = WriteFile("bad.edn", std::string(kGood) + kLate);
  EXPECT_EQ(Replsim("check -q - <" + good).output, "stdin\tyes\n");
  const CommandResult piped = RunCommand("cat " + bad + " | " + REPLSIM_BIN + "/replsim check -");
  EXPECT_EQ(piped.exit, 1) << piped.output;
  EXPECT_THAT(piped.output, testing::StartsWith("stdin · register"));
  const CommandResult both = Replsim("check -q - " + good + " <" + bad);
  EXPECT_EQ(both.output, "stdin\tno\n" + good + "\tyes\n");
  EXPECT_THAT(Replsim("check - </dev/null").output, HasSubstr("stdin"));
}

TEST_F(CheckCommandTest, VerdictsAreWrittenForPrograms) {
  const std::string bad = WriteFile("bad.edn", std::string(kGood) + kLate);
  const std::string xml = folder() + "/check.xml";
  const CommandResult json = Replsim("check --json - --junit " + xml + " " + bad);
  EXPECT_EQ(json.exit, 1);
  EXPECT_THAT(json.output, HasSubstr("\"guarantee\": \"linearizable\""));
  EXPECT_THAT(json.output, HasSubstr("\"late_by_ns\": 3000000"));
  EXPECT_THAT(ReadFile(xml),
              HasSubstr("<failure type=\"not held\" message=\"process 1 read 1 (line 7)"));
}

TEST_F(CheckCommandTest, APageShowsTheWitnessOfEachHistory) {
  const std::string bad = WriteFile("bad.edn", std::string(kGood) + kLate);
  const std::string broken = WriteFile("broken.edn", "{:process 0 :type :invoke");
  const std::string html = folder() + "/check.html";
  EXPECT_EQ(Replsim("check --html " + html + " " + bad + " " + broken).exit, 64);
  const std::string page = ReadFile(html);
  EXPECT_THAT(page, HasSubstr("linearizable does NOT hold"));
  EXPECT_THAT(page, HasSubstr("<b>C</b> process 1 read 1 (line 7)"));
  EXPECT_THAT(page, HasSubstr("&#39;{&#39; is never closed"));
  EXPECT_EQ(Replsim("check --html /no/such/folder/x.html " + bad).exit, 64);
}

TEST_F(CheckCommandTest, WhatIsExportedIsJudgedAsTheRunIs) {
  // Reads of a replica that is 20 ms away are stale.
  const CommandResult run =
      RunScenarioText(SmallScenario("replication: {preset: async}\n"
                                    "network:\n  - {from: p, to: r1, delay: 20ms}\n"),
                      "--runtime virtual --set workload.mix.read=3 --set workload.keys.count=3 "
                      "--set workload.read_from=any-replica");
  ASSERT_EQ(run.exit, 0) << run.output;
  const std::string folder = runs() + "/small/latest";
  const CommandResult own = Replsim("check " + folder);
  EXPECT_EQ(own.exit, 1) << own.output;
  const size_t from = own.output.find("holds but for");
  ASSERT_NE(from, std::string::npos) << own.output;
  const std::string late = own.output.substr(from, own.output.find(';', from) - from);
  const std::string edn = WriteFile("run.edn", Replsim("export --to jepsen " + folder).output);
  EXPECT_THAT(Replsim("check --nil empty " + edn).output, HasSubstr(late));
  const std::string kv = WriteFile("run.txt", Replsim("export --to kv " + folder).output);
  EXPECT_EQ(Replsim("check -q " + kv).output, kv + "\tno\n");
  for (const std::string format : {"plume", "dbcop"}) {
    const std::string text =
        WriteFile(format, Replsim("export --to " + format + " " + folder).output);
    const CommandResult committed = Replsim("check --for read-committed " + text);
    EXPECT_EQ(committed.exit, 0) << format << committed.output;
  }
}

TEST_F(CheckCommandTest, CompareAndSetsAndAppendsAreExportedAndJudgedAsTheRunIs) {
  struct Case {
    const char* kind;
    const char* format;
    const char* options;
  };
  for (const Case& one : {Case{"cas", "jepsen", "--nil empty --fail answered "},
                          Case{"delete", "jepsen", "--nil empty "}, Case{"append", "kv", ""}}) {
    SCOPED_TRACE(one.kind);
    for (const bool stale : {false, true}) {
      const CommandResult run = RunScenarioText(
          SmallScenario("replication: {preset: async}\n"
                        "network:\n  - {from: p, to: r1, delay: 20ms}\n"),
          std::string("--runtime virtual --set workload.mix.read=3 --set workload.keys.count=3 "
                      "--set workload.mix.") +
              one.kind + "=1 --set workload.read_from=" + (stale ? "any-replica" : "primary"));
      ASSERT_EQ(run.exit, 0) << run.output;
      EXPECT_THAT(run.output, HasSubstr(stale ? "NOT linearizable" : "linearizable held"));
      const std::string folder = runs() + "/small/latest";
      EXPECT_EQ(Replsim("check --for linearizable " + folder).exit, stale ? 1 : 0);
      const std::string text =
          WriteFile("run", Replsim(std::string("export --to ") + one.format + " " + folder).output);
      EXPECT_EQ(Replsim(std::string("check --for linearizable ") + one.options + text).exit,
                stale ? 1 : 0);
    }
  }
}

}  // namespace
}  // namespace replsim::check_command_test
