// `replsim up` and its commands: a cluster that stays, takes faults in words, and serves clients.
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/live/background_command.h"
#include "tests/live/eventually.h"
#include "tests/live/http_client.h"
#include "tests/live/live_fixture.h"

namespace replsim::up_test {
namespace {

class UpTest : public LiveTest {
 protected:
  void Up(const std::string& options = "") {
    std::vector<std::string> words = {
        absl::StrCat(REPLSIM_BIN, "/replsim"), "up", "--port", "0", "--out", runs()};
    for (const auto option : absl::StrSplit(options, ' ', absl::SkipEmpty())) {
      words.emplace_back(option);
    }
    ASSERT_TRUE(up_.Begin(std::move(words), folder() + "/said"));
    ASSERT_TRUE(up_.Says("Ctrl-C ends it")) << up_.Said();
  }
  CommandResult Command(const std::string& arguments) const {
    return Replsim(absl::StrCat(arguments, " --out ", runs()));
  }
  // Whether the status of the cluster comes to have a line that begins so.
  bool Shows(const std::string& line) const {
    return Eventually(
        [&] { return absl::StrContains("\n" + Command("status").output, "\n" + line); });
  }
  std::string Run() const { return runs() + "/up/latest"; }
  // Ends it in order, and returns the exit status.
  int End() {
    up_.Interrupt();
    return up_.Wait();
  }

  BackgroundCommand up_;
};

TEST_F(UpTest, AValueThatWasPutIsReadFromThePrimaryAndFromAReplica) {
  Up("--no-load");
  const CommandResult put = Command("put color blue");
  EXPECT_EQ(put.exit, 0) << put.output;
  EXPECT_TRUE(absl::StrContains(put.output, "committed at 1:1 by p")) << put.output;
  EXPECT_EQ(Command("get color").output, "blue\n");
  EXPECT_TRUE(Eventually([&] { return Command("get color --node r1").output == "blue\n"; }));
  const CommandResult none = Command("get shape");
  EXPECT_EQ(none.exit, 1);
  EXPECT_TRUE(absl::StrContains(none.output, "there is no shape")) << none.output;
  EXPECT_EQ(Command("get color --node r7").exit, 64);
  EXPECT_EQ(End(), 0) << up_.Said();
  EXPECT_TRUE(absl::StrContains(up_.Said(), "no load: the history has no operations"));
  EXPECT_FALSE(absl::StrContains(up_.Said(), "offered")) << up_.Said();
}

TEST_F(UpTest, AKilledPrimaryIsReplacedByWords) {
  Up();
  EXPECT_EQ(Command("ctl kill p").output, "kill p: done\n");
  EXPECT_TRUE(Shows("p    down"));
  EXPECT_EQ(Command("ctl promote best").exit, 0);
  EXPECT_TRUE(Eventually([&] { return Command("put color red").exit == 0; }));
  EXPECT_EQ(Command("ctl restart p").exit, 0);
  EXPECT_TRUE(Shows("p    streaming"));
  EXPECT_EQ(End(), 0) << up_.Said();
  EXPECT_TRUE(absl::StrContains(up_.Said(), "kill p was injected by hand")) << up_.Said();
  EXPECT_TRUE(absl::StrContains(up_.Said(), "acknowledged, then lost")) << "a report at the end";
}

TEST_F(UpTest, AKillFromOutsideIsAFaultLikeAnyOther) {
  Up();
  const pid_t pid = std::atoi(ReadFile(Run() + "/nodes/r1/pid").c_str());
  ASSERT_GT(pid, 0);
  kill(pid, SIGKILL);
  EXPECT_TRUE(Shows("r1   down"));
  EXPECT_EQ(Command("ctl restart r1").exit, 0);
  EXPECT_TRUE(Shows("r1   streaming"));
  EXPECT_EQ(End(), 0) << up_.Said();
  EXPECT_TRUE(absl::StrContains(up_.Said(), "r1 was killed from outside")) << up_.Said();
  EXPECT_FALSE(absl::StrContains(up_.Said(), "VIOLATION")) << up_.Said();
}

TEST_F(UpTest, WrongWordsAreRefusedWithTheReason) {
  Up("--no-load");
  const CommandResult verb = Command("ctl kil p");
  EXPECT_EQ(verb.exit, 64);
  EXPECT_TRUE(absl::StrContains(verb.output, "did you mean 'kill'?")) << verb.output;
  const CommandResult node = Command("ctl kill r9");
  EXPECT_EQ(node.exit, 64);
  EXPECT_TRUE(absl::StrContains(node.output, "unknown node 'r9'")) << node.output;
  EXPECT_EQ(Command("ctl kill").exit, 64);
  const CommandResult running = Command("ctl restart r1");
  EXPECT_EQ(running.exit, 1);
  EXPECT_TRUE(absl::StrContains(running.output, "r1 is running")) << running.output;
  EXPECT_EQ(End(), 0) << up_.Said();
}

TEST_F(UpTest, APartitionOfAnyLinkCanBeSetAndHealed) {
  Up("--no-load --set cluster.heartbeat.timeout=300ms");
  EXPECT_EQ(Command("ctl partition p r1").exit, 0);
  EXPECT_TRUE(Shows("r1   disconnected"));
  EXPECT_EQ(Command("put color green").exit, 0) << "r2 still acknowledges";
  EXPECT_EQ(Command("ctl heal p r1").exit, 0);
  EXPECT_TRUE(Shows("r1   streaming"));
  EXPECT_EQ(End(), 0) << up_.Said();
}

TEST_F(UpTest, ThePageHasAPanelForEachNodeAndTakesWords) {
  Up("--no-load");
  const std::string url = up_.Read("serving ");
  const std::string page = HttpGet(url).body;
  EXPECT_TRUE(absl::StrContains(page, "data-do=\"kill r2\"")) << page;
  EXPECT_TRUE(absl::StrContains(HttpGet(url + "status").body, "primary"));
  EXPECT_EQ(End(), 0) << up_.Said();
}

TEST_F(UpTest, ASecondInterruptEndsItAtOnce) {
  Up();
  up_.Interrupt();
  ASSERT_TRUE(up_.Says("Ctrl-C ends at once"));
  up_.Interrupt();
  const int status = up_.Wait();
  EXPECT_TRUE(status == 130 || status == 0) << "0: it had ended before; " << up_.Said();
}

TEST_F(UpTest, WithoutAClusterTheCommandsSayHowToStartOne) {
  for (const char* command : {"status", "put a b", "get a", "ctl kill p"}) {
    const CommandResult result = Command(command);
    EXPECT_EQ(result.exit, 64) << command;
    EXPECT_TRUE(absl::StrContains(result.output, "replsim up starts one")) << result.output;
  }
}

TEST_F(UpTest, AScenarioThatVariesSomethingIsRefused) {
  const CommandResult result =
      Replsim(absl::StrCat("up ",
                           WriteFile("scenario.yaml", SmallScenario("vary:\n  replication."
                                                                    "preset: [async, sync]\n")),
                           " --port 0 --out ", runs()));
  EXPECT_EQ(result.exit, 64);
  EXPECT_TRUE(absl::StrContains(result.output, "--set replication.preset=async")) << result.output;
}

}  // namespace
}  // namespace replsim::up_test
