// The command line from a user's view: exit statuses, errors with place and remedy, and no process
// left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <filesystem>
#include <set>
#include <string>

#include "simulator/recording/run_folder.h"
#include "tests/live/live_fixture.h"

namespace replsim::command_line_test {
namespace {

using testing::HasSubstr;

class CommandLineTest : public LiveTest {
 protected:
  // Starts replsim in the background and waits until `marker` shows in its events.
  pid_t StartRun(const std::string& scenario) {
    const std::string program = REPLSIM_BIN "/replsim";
    const std::string path = WriteFile("scenario.yaml", scenario);
    const std::string out = runs();
    std::vector<const char*> argv = {program.c_str(), "run",       path.c_str(), "--quiet",
                                     "--out",         out.c_str(), nullptr};
    pid_t pid = 0;
    EXPECT_EQ(posix_spawn(&pid, program.c_str(), nullptr, nullptr, const_cast<char**>(argv.data()),
                          environ),
              0);
    return pid;
  }
  void AwaitLoad() {
    const std::string events = runs() + "/small/latest/events.jsonl";
    while (ReadFile(events).find("LOAD_BEGIN") == std::string::npos) sched_yield();
  }
  // Processes whose configuration lies in this test's folder.
  int NodesLeft() const {
    return std::stoi(
        RunCommand("pgrep -c -f 'replsim-(primary|replica) --config " + folder() + "'").output);
  }
};

TEST_F(CommandLineTest, AHeldExpectationIsStatus0AndABrokenOneStatus1) {
  const std::string broken = SmallScenario("expect: [{committed: '== 0'}]\n");
  const CommandResult run = RunScenarioText(broken);
  EXPECT_EQ(run.exit, 1) << run.output;
  EXPECT_THAT(run.output, HasSubstr("NOT HELD"));
  EXPECT_EQ(Replsim("report " + runs() + "/small/latest").exit, 1);
  EXPECT_EQ(RunScenarioText(SmallScenario("expect: [{acked_lost: '== 0'}]\n")).exit, 0);
}

// r1 is promoted, and the gate waits only for r1: 88 of 188 entries stay hidden.
std::string ShutGate(const std::string& more) {
  return "name: small\nduration: 2s\ncluster: {replicas: 2}\n"
         "replication: {ack_after: replica-flush, sync_set: 'first 1 [r1]', on_timeout: block}\n"
         "workload: {clients: 4, deadline: 500ms, arrival: {rate: 100/s}, mix: {write: 1}}\n"
         "faults:\n  - {when: {at: 1s}, do: kill, node: p}\n"
         "  - {when: {after_previous: 100ms}, do: promote, node: r1}\n" +
         more;
}

TEST_F(CommandLineTest, AGateThatCannotBeReachedIsWarnedOfAndIsNoViolation) {
  const CommandResult run = RunScenarioText(
      ShutGate("expect: [{acked_lost: '== 0', converged: '== 1', breaches: '== 0'}]\n"),
      "--runtime virtual --junit " + folder() + "/junit.xml");
  EXPECT_EQ(run.exit, 0) << run.output;
  EXPECT_THAT(run.output, HasSubstr("scenario.yaml:8:50: warning: faults[1] promotes r1"));
  EXPECT_THAT(run.output, HasSubstr("note  run: converged; the gate first 1 [r1] cannot be reached "
                                    "while r1 leads: "));
  EXPECT_THAT(run.output, HasSubstr(" entries not shown"));
  EXPECT_THAT(ReadFile(folder() + "/junit.xml"), HasSubstr("failures=\"0\""));
  EXPECT_THAT(Replsim("report " + runs() + "/small/latest").output,
              HasSubstr("note  run: faults[1] promotes r1"))
      << "a report made again says it again";
}

TEST_F(CommandLineTest, AViolatedInvariantFailsTheRunInEveryOutput) {
  // Messages to r1 are in flight for longer than the limit for convergence.
  const std::string broken =
      SmallScenario("settle: 20ms\nnetwork: [{from: p, to: r1, delay: 300ms}]\n");
  const CommandResult run = RunScenarioText(
      broken, "--runtime virtual --junit " + folder() + "/j.xml --json " + folder() + "/r.json");
  EXPECT_EQ(run.exit, 1) << run.output;
  EXPECT_THAT(run.output, HasSubstr("VIOLATION"));
  const std::string junit = ReadFile(folder() + "/j.xml");
  EXPECT_THAT(junit, HasSubstr("tests=\"1\" failures=\"1\""));
  EXPECT_THAT(junit, HasSubstr("name=\"no invariant was violated\""));
  EXPECT_THAT(junit, HasSubstr("did not converge"));
  EXPECT_THAT(ReadFile(folder() + "/r.json"), HasSubstr("\"verdict\": \"FAILED\""));
  const std::string latest = runs() + "/small/latest";
  EXPECT_THAT(ReadFile(latest + "/report.html"), HasSubstr("invariant violated"));
  EXPECT_EQ(Replsim("report " + latest).exit, 1);
  const CommandResult held =
      Replsim("compare --threshold 'acked_lost <= +0' " + latest + " " + latest);
  EXPECT_EQ(held.exit, 1) << held.output;
}

TEST_F(CommandLineTest, WhatVirtualTimePretendsIsSaidToHaveNoEffectLive) {
  const std::string scenario = SmallScenario("machine: {flush: 1500us}\n");
  const std::string note = "machine: has no effect on a live run";
  EXPECT_THAT(RunScenarioText(scenario).output, HasSubstr(note));
  EXPECT_THAT(Replsim("report " + runs() + "/small/latest").output, HasSubstr(note));
  EXPECT_THAT(RunScenarioText(scenario, "--runtime virtual").output, testing::Not(HasSubstr(note)));
}

TEST_F(CommandLineTest, LintChecksAndRunsNothing) {
  const std::string path = WriteFile("lint.yaml", ShutGate("vary: {seed: [1, 2]}\n"));
  const CommandResult lint = Replsim("lint " + path);
  EXPECT_EQ(lint.exit, 0);
  EXPECT_THAT(lint.output, HasSubstr("small: 2 variants, 0 expectations"));
  EXPECT_THAT(lint.output, HasSubstr("1: 2s of load, seed 1, 2 replicas, 2 faults"));
  EXPECT_THAT(lint.output, HasSubstr("lint.yaml:8:50: warning: "));
  EXPECT_FALSE(std::filesystem::exists(runs()));
  const CommandResult one = Replsim("lint " + path + " --set seed=7 --vary duration=3s,4s");
  EXPECT_THAT(one.output, HasSubstr("4s: 4s of load, seed 7"));
  EXPECT_EQ(Replsim("lint " + path + " --set sed=7").exit, 64);
  EXPECT_EQ(Replsim("lint " + folder()).exit, 64);
}

TEST_F(CommandLineTest, LintTellsEveryMistakeOfEveryFile) {
  const std::string sound = WriteFile("sound.yaml", SmallScenario(""));
  std::string text = SmallScenario("");
  for (int i = 1; i <= 30; ++i) text += absl::StrCat("wrong", i, ": 1\n");
  const std::string wrong = WriteFile("wrong.yaml", text);
  const CommandResult both = Replsim(absl::StrCat("lint ", wrong, " ", sound));
  EXPECT_EQ(both.exit, 64);
  EXPECT_THAT(both.output, HasSubstr("small: 1 variant"));
  for (int i = 1; i <= 30; ++i) {
    EXPECT_THAT(both.output, testing::ContainsRegex(
                                 absl::StrCat("wrong.yaml:[0-9]+:1: unknown key 'wrong", i, "'")));
  }
  EXPECT_EQ(Replsim("lint - <" + sound).exit, 0);
  const CommandResult piped = Replsim("lint - <" + wrong);
  EXPECT_EQ(piped.exit, 64);
  EXPECT_THAT(piped.output, testing::ContainsRegex("stdin:[0-9]+:1: unknown key 'wrong30'"));
}

TEST_F(CommandLineTest, ReportsAndComparisonsCanBeMarkdown) {
  const std::string path = WriteFile("small.yaml", SmallScenario(""));
  const std::string file = folder() + "/report.md";
  const std::string run = absl::StrCat("run ", path, " --runtime virtual --out ", runs());
  const CommandResult markdown = Replsim(run + " --quiet --markdown -");
  EXPECT_THAT(markdown.output, testing::StartsWith("### small · virtual · seed "));
  EXPECT_THAT(markdown.output, HasSubstr("| **Lost** |"));
  const std::string latest = runs() + "/small/latest";
  const CommandResult report = Replsim(absl::StrCat("report ", latest, " --markdown ", file));
  EXPECT_THAT(report.output, testing::Not(HasSubstr("| **Lost** |")));
  EXPECT_EQ(RunCommand("cat " + file).output, markdown.output);
  EXPECT_THAT(Replsim(absl::StrCat("compare ", latest, " ", latest, " --markdown -")).output,
              testing::StartsWith("All settings are the same.\n\n### Metrics\n\n| |"));
  const CommandResult both = Replsim(absl::StrCat("report ", latest, " --markdown - --json -"));
  EXPECT_EQ(both.exit, 64);
  EXPECT_THAT(both.output, HasSubstr("both write to stdout"));
}

TEST_F(CommandLineTest, WhatCannotBeWrittenIsSaidBeforeTheRun) {
  const std::string path = WriteFile("small.yaml", SmallScenario(""));
  for (const std::string flag :
       {"--json /nonexistent/x", "--junit /nonexistent/x", "--json /tmp"}) {
    const CommandResult run = Replsim("run " + path + " -q --out " + runs() + " " + flag);
    EXPECT_EQ(run.exit, 64) << flag << run.output;
    EXPECT_THAT(run.output, HasSubstr("cannot be written")) << flag;
  }
  const CommandResult run = Replsim("run " + path + " -q --out /dev/null/x");
  EXPECT_EQ(run.exit, 64) << run.output;
  EXPECT_THAT(run.output, HasSubstr("--out /dev/null/x: cannot be written"));
  EXPECT_FALSE(std::filesystem::exists(runs()));
}

TEST_F(CommandLineTest, ValidatePrintsPublishedNumbersBesideOurs) {
  const CommandResult validated = Replsim("validate --fit EXP --trials 100000");
  EXPECT_EQ(validated.exit, 0) << validated.output;
  EXPECT_THAT(validated.output, HasSubstr("W rate 4    fresh at 0 ms"));
  EXPECT_EQ(Replsim("validate --fit no-such").exit, 64);
}

TEST_F(CommandLineTest, SixteenReplicasStartAndConverge) {
  const CommandResult run = RunScenarioText(
      SmallScenario("expect: [{acked_lost: '== 0', converged: '== yes', committed: '> 100'}]\n"),
      "--set cluster.replicas=16");
  EXPECT_EQ(run.exit, 0) << run.output;
}

TEST_F(CommandLineTest, AThousandReplicasAreForVirtualTime) {
  const std::string scenario =
      SmallScenario("expect: [{acked_lost: '== 0', converged: '== yes'}]\n");
  const CommandResult live = RunScenarioText(scenario, "--set cluster.replicas=1000");
  EXPECT_EQ(live.exit, 64);
  EXPECT_THAT(live.output, HasSubstr("expected at most 64, or --runtime virtual"));
  const CommandResult run = RunScenarioText(
      scenario, "--set cluster.replicas=1000 --set duration=100ms --runtime virtual");
  EXPECT_EQ(run.exit, 0) << run.output;
}

TEST_F(CommandLineTest, EveryRunHasATokenOfItsOwnThatOnlyItsOwnerCanRead) {
  std::set<std::string> tokens;
  for (int run = 0; run < 2; ++run) {
    ASSERT_EQ(RunScenarioText(SmallScenario(""), "--set duration=100ms").exit, 0);
    const std::string nodes = runs() + "/small/latest/nodes/";
    for (const std::string node : {"p", "r1", "r2"}) {
      const std::string config = nodes + node + "/config";
      EXPECT_EQ(std::filesystem::status(config).permissions(),
                std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
      const std::string text = ReadFile(config);
      const size_t token = text.find("token: \"");
      ASSERT_NE(token, std::string::npos) << text;
      tokens.insert(text.substr(token, text.find('\n', token) - token));
    }
  }
  EXPECT_EQ(tokens.size(), 2u) << "one of each run, the same for all its nodes";
}

TEST_F(CommandLineTest, WhatCannotBeJudgedIsStatus2) {
  // Without a failure there is no time to recovery.
  const CommandResult run = RunScenarioText(SmallScenario("expect: [{rto_ms: '< 100ms'}]\n"));
  EXPECT_EQ(run.exit, 2) << run.output;
  EXPECT_THAT(run.output, HasSubstr("not judged"));
}

TEST_F(CommandLineTest, AMistakeInAScenarioIsStatus64WithItsPlace) {
  const CommandResult run = RunScenarioText(SmallScenario("replicatoin: {preset: async}\n"));
  EXPECT_EQ(run.exit, 64);
  EXPECT_THAT(run.output, HasSubstr("scenario.yaml:12:1"));
  EXPECT_THAT(run.output, HasSubstr("replication"));
  EXPECT_EQ(Replsim("run /no/such/file.yaml").exit, 64);
}

TEST_F(CommandLineTest, TheFirstUnknownOptionIsNamedWithTheNearestOne) {
  const CommandResult run = Replsim("run no.yaml --sed=7 --other");
  EXPECT_EQ(run.exit, 64);
  EXPECT_THAT(run.output, HasSubstr("replsim run: unknown option '--sed'; did you mean '--set'?"));
  EXPECT_THAT(Replsim("run a.yaml b.yaml").output,
              HasSubstr("replsim run: unexpected argument 'b.yaml'"));
}

TEST_F(CommandLineTest, AMistakeInAFlagIsStatus64) {
  EXPECT_EQ(Replsim("fly").exit, 64);
  const CommandResult run = Replsim("run");
  EXPECT_EQ(run.exit, 64);
  EXPECT_THAT(run.output, HasSubstr("replsim run: scenario is required\n"));
  EXPECT_EQ(RunScenarioText(SmallScenario(""), "--set replication.prest=async").exit, 64);
  EXPECT_EQ(RunScenarioText(SmallScenario(""), "--runtime dreamt").exit, 64);
  EXPECT_EQ(Replsim("schema no-such-part").exit, 64);
  EXPECT_EQ(Replsim("explore /no/such/file.yaml").exit, 64);
  EXPECT_EQ(Replsim("explore x.yaml --seeds 0").exit, 64);
  EXPECT_EQ(Replsim("explore x.yaml --every-io --storm").exit, 64);
  EXPECT_EQ(Replsim("explore x.yaml --every-io --draw-knobs").exit, 64);
  EXPECT_EQ(Replsim("explore x.yaml --fail-on as-promised").exit, 64);
  const CommandResult seed = RunScenarioText(SmallScenario(""), "--seed -1");
  EXPECT_EQ(seed.exit, 64);
  EXPECT_THAT(seed.output, HasSubstr("'-1' is not a whole number; expected 0 to "));
}

TEST_F(CommandLineTest, ExploreShowsTheSmallestScheduleThatLoses) {
  const std::string scenario =
      WriteFile("lossy.yaml",
                SmallScenario("replication: {preset: async}\nexpect: [{acked_lost: '== 0'}]\n"
                              "faults:\n  - {when: {at: 500ms}, do: kill, node: primary}\n"
                              "  - {when: {after_previous: 100ms}, do: promote, node: best}\n"));
  const std::string explore =
      absl::StrCat("explore ", scenario, " --seeds 40 --quiet --out ", runs());
  const CommandResult found = Replsim(absl::StrCat(explore, " --html ", folder(), "/explore.html"));
  EXPECT_EQ(found.exit, 0) << found.output;
  EXPECT_THAT(found.output, HasSubstr("not-held: acked_lost == 0"));
  EXPECT_THAT(found.output, HasSubstr(", promote best\nrepeat: "));
  EXPECT_THAT(ReadFile(folder() + "/explore.html"), HasSubstr("Space-time diagram"));
  const size_t at = found.output.find("run it: replsim run ");
  ASSERT_NE(at, std::string::npos) << found.output;
  const size_t begin = at + std::string("run it: replsim ").size();
  const std::string run = found.output.substr(begin, found.output.find('\n', begin) - begin);
  EXPECT_EQ(Replsim(absl::StrCat(run, " --quiet --out ", runs())).exit, 0);
  EXPECT_EQ(Replsim(absl::StrCat(explore, " --fail-on unpromised-loss")).exit, 1);
}

TEST_F(CommandLineTest, ChooseShowsWhatModesCostAndLose) {
  const std::string choose = absl::StrCat(
      "choose async sync --rtt r1=1ms,r2=20ms --tries 2 --repeat 1 --duration 600ms "
      "--promote-after 100ms --quiet --out ",
      runs());
  const CommandResult chosen =
      Replsim(absl::StrCat(choose, " --html ", folder(), "/c.html --json ", folder(),
                           "/c.json --markdown ", folder(), "/c.md"));
  EXPECT_EQ(chosen.exit, 0) << chosen.output;
  EXPECT_THAT(chosen.output, HasSubstr("22 runs in virtual time"));
  EXPECT_THAT(ReadFile(folder() + "/c.html"), HasSubstr("writes lost if the primary dies"));
  EXPECT_THAT(ReadFile(folder() + "/c.md"), HasSubstr("| sync |"));
  EXPECT_THAT(ReadFile(folder() + "/c.json"), HasSubstr("\"mode\": \"async\""));
  const std::string worst = runs() + "/choose/async-primary-dies.yaml";
  EXPECT_THAT(chosen.output, HasSubstr("run it: replsim run " + worst));
  EXPECT_EQ(Replsim(absl::StrCat("run ", worst, " --runtime virtual -q --out ", runs())).exit, 0);
  EXPECT_THAT(chosen.output, Not(HasSubstr("/choose/sync-primary-dies.yaml")));
}

TEST_F(CommandLineTest, ChooseReadsAConfiguration) {
  const std::string conf = WriteFile("postgresql.conf", "synchronous_commit = on\n");
  const CommandResult chosen = Replsim(absl::StrCat(
      "choose --from ", conf,
      " --tries 2 --repeat 1 --failures primary-dies,primary-dies --quiet --out ", runs()));
  EXPECT_EQ(chosen.exit, 0) << chosen.output;
  EXPECT_THAT(chosen.output, HasSubstr(": this configuration is postgres:local\n"));
  EXPECT_THAT(chosen.output, HasSubstr("6 runs in virtual time"));
  EXPECT_THAT(chosen.output, HasSubstr(":1: synchronous_commit = on waits for no standby"));
  EXPECT_THAT(chosen.output, HasSubstr("run it: replsim run " + runs() +
                                       "/choose/postgres-local-primary-dies.yaml"));
  EXPECT_THAT(chosen.output, HasSubstr("repeat replsim choose --from " + conf));
  WriteFile("postgresql.conf", "synchronous_commit = maybe\n");
  const CommandResult wrong = Replsim("choose --from " + conf);
  EXPECT_EQ(wrong.exit, 64);
  EXPECT_THAT(wrong.output, HasSubstr(conf + ":1: synchronous_commit = 'maybe'"));
  EXPECT_EQ(Replsim("choose postgres --from " + conf).exit, 64);
}

TEST_F(CommandLineTest, ChooseNamesTheOptionThatIsWrong) {
  const auto error_of = [this](const std::string& options) {
    const CommandResult result = Replsim("choose " + options);
    EXPECT_EQ(result.exit, 64) << options;
    return result.output;
  };
  EXPECT_THAT(error_of("--rtt r1=1"), HasSubstr("--rtt 'r1=1': "));
  EXPECT_THAT(error_of("--duration 1s"), HasSubstr("--promote-after 500ms is too long"));
  EXPECT_THAT(error_of("--flush soon"), HasSubstr("--flush "));
  EXPECT_THAT(error_of("--reads 100%"), HasSubstr("--reads '100%': expected 0% to 99%"));
  EXPECT_THAT(error_of("postgress"), HasSubstr("did you mean 'postgres'?"));
  EXPECT_THAT(error_of("--set failover.presets=raft"), HasSubstr("--set"));
  EXPECT_THAT(error_of("--failures primary-explodes"), HasSubstr("primary-dies"));
}

TEST_F(CommandLineTest, TheReportOfSeveralVariantsIsMadeAgainTheSame) {
  const std::string scenario = SmallScenario(
      "vary: {replication.preset: [async, sync]}\n"
      "expect:\n  - {variant: sync, acked_lost: '== 0'}\n  - {variant: async, committed: '> 0'}\n");
  const CommandResult run = RunScenarioText(scenario);
  ASSERT_EQ(run.exit, 0) << run.output;
  const std::string time = std::filesystem::canonical(runs() + "/small/latest").filename().string();
  const std::string folder = runs() + "/small/" + time;
  const CommandResult again = Replsim("report " + folder);
  EXPECT_EQ(again.exit, 0);
  EXPECT_EQ(again.output, run.output);
  // The same for one of them alone.
  const CommandResult one = Replsim("report " + folder + "/sync");
  EXPECT_EQ(one.exit, 0) << one.output;
}

TEST_F(CommandLineTest, ADamagedRecordingIsNamedAndNotGuessedAt) {
  ASSERT_EQ(RunScenarioText(SmallScenario("")).exit, 0);
  const std::string run = runs() + "/small/latest";
  EXPECT_EQ(Replsim("report " + run).exit, 0);
  EXPECT_EQ(Replsim("explain " + run + " 5").exit, 0);
  EXPECT_EQ(Replsim("explain " + run + " 99999999").exit, 64);
  EXPECT_EQ(Replsim("compare " + run + " " + run).exit, 0);

  // Flips a bit in the middle of the log that the verdict depends on.
  const std::string log = std::filesystem::directory_iterator(LogFolder(run, "p"))->path().string();
  std::string bytes = ReadFile(log);
  bytes[2000] = static_cast<char>(bytes[2000] ^ 1);
  std::ofstream(log, std::ios::binary) << bytes;
  const CommandResult report = Replsim("report " + run);
  EXPECT_EQ(report.exit, 2) << "what became of the writes is not known";
  EXPECT_THAT(report.output, HasSubstr(std::filesystem::path(log).filename().string()));
  EXPECT_THAT(report.output, HasSubstr("offset"));

  std::filesystem::remove(ManifestPath(run));
  EXPECT_EQ(Replsim("report " + run).exit, 64);
  EXPECT_EQ(Replsim("report /no/such/run").exit, 64);
}

TEST_F(CommandLineTest, ANodeRefusesALogItCannotTrust) {
  ASSERT_EQ(RunScenarioText(SmallScenario("")).exit, 0);
  const std::string node = NodeFolder(runs() + "/small/latest", "r1");
  const std::string log = std::filesystem::directory_iterator(node + "/log")->path().string();
  std::string bytes = ReadFile(log);
  bytes[2000] = static_cast<char>(bytes[2000] ^ 1);
  std::ofstream(log, std::ios::binary) << bytes;
  const std::string config =
      WriteFile("config", "id: \"r1\" data_dir: \"" + node + "\" listen: \"127.0.0.1:0\"");
  const CommandResult start =
      RunCommand(std::string(REPLSIM_BIN) + "/replsim-replica --config " + config);
  EXPECT_NE(start.exit, 0);
  EXPECT_EQ(RunCommand(std::string(REPLSIM_BIN) + "/replsim-replica").exit, 64);
}

TEST_F(CommandLineTest, CtrlCEndsEveryNode) {
  const pid_t pid = StartRun(SmallScenario("settle: 5s\n"));
  AwaitLoad();
  EXPECT_GT(NodesLeft(), 0);
  kill(pid, SIGINT);
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_EQ(NodesLeft(), 0);
}

TEST_F(CommandLineTest, NodesDieWithASimulatorThatIsKilled) {
  const pid_t pid = StartRun(SmallScenario(""));
  AwaitLoad();
  kill(pid, SIGKILL);
  int status = 0;
  waitpid(pid, &status, 0);
  // The kernel kills them after an unknown delay.
  while (NodesLeft() > 0) sched_yield();
}

TEST_F(CommandLineTest, AFileWhereTheRunsShouldLieIsRefusedBeforeTheRun) {
  WriteFile("runs", "a file where the folder should be");
  const CommandResult run = RunScenarioText(SmallScenario(""));
  EXPECT_EQ(run.exit, 64) << run.output;
  EXPECT_THAT(run.output, HasSubstr("is not a folder"));
  EXPECT_EQ(NodesLeft(), 0);
}

TEST_F(CommandLineTest, OutputThatCannotBeWrittenIsAFailure) {
  const CommandResult full =
      RunCommand(absl::StrCat("sh -c '", REPLSIM_BIN, "/replsim presets > /dev/full'"));
  EXPECT_EQ(full.exit, 70);
  EXPECT_THAT(full.output, testing::HasSubstr("cannot write to the standard output"));
}

}  // namespace
}  // namespace replsim::command_line_test
