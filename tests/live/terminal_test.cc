// The progress display in a real terminal (tmux): at any width, and while it is resized, no part of
// the display is left behind on the screen or in the history. The report fits the terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <regex>
#include <string>

#include "absl/strings/str_split.h"
#include "common/base/terminal_text.h"
#include "tests/live/live_fixture.h"

namespace replsim::terminal_test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class TerminalTest : public LiveTest {
 protected:
  ~TerminalTest() override { Tmux("kill-server"); }

  std::string Tmux(const std::string& arguments) const {
    return RunCommand(
               absl::StrCat(REPLSIM_TMUX, " -S ", folder(), "/tmux -f /dev/null ", arguments))
        .output;
  }

  // Starts `replsim run` of a small scenario in a terminal with so many columns.
  void Start(int columns, const std::string& scenario, const std::string& options) {
    const std::string path = WriteFile("scenario.yaml", scenario);
    const std::string script = WriteFile(
        "script",
        absl::StrCat(
            "trap : INT\nfor i in 01 02 03 04 05 06 07 08 09 10; do echo earlier $i; done\n",
            "$TMUX_PROGRAM wait-for begin\n", REPLSIM_BIN, "/replsim run ", path, " --out ", runs(),
            " ", options,
            "\necho status $?\n$TMUX_PROGRAM wait-for -S ended\n"
            "exec sleep 600\n"));
    Tmux(absl::StrCat("new-session -d -s test -x ", columns, " -y 24 'TMUX_PROGRAM=", REPLSIM_TMUX,
                      " sh ", script, "'"));
    Tmux(absl::StrCat("pipe-pane -t test 'cat >", folder(), "/raw'"));
    Tmux("wait-for -S begin");
  }
  // The terminal hands on what it shows a little later (Raw).
  void AwaitEnd() const {
    Tmux("wait-for ended");
    AwaitShown("\nstatus ");
  }

  // The history and the screen.
  std::string Lines() const { return Tmux("capture-pane -p -S - -t test"); }
  // Every byte that was written to the terminal so far.
  std::string Raw() const { return ReadFile(folder() + "/raw"); }
  void AwaitShown(const std::string& text) const {
    while (Raw().find(text) == std::string::npos) sched_yield();
  }

  void ExpectAtMostOneBlock(const std::string& lines) const {
    EXPECT_LE(Count(lines, " of 2 s"), 1) << lines;
    EXPECT_LE(Count(lines, "  p    "), 1) << lines;
    EXPECT_LE(Count(lines, "  r1   "), 1) << lines;
  }
  // After what was on the screen before.
  void ExpectOnlyTheReport(const std::string& lines) const {
    EXPECT_THAT(lines, StartsWith("earlier 01\n"));
    EXPECT_EQ(Count(lines, "earlier"), 10);
    EXPECT_THAT(lines, HasSubstr("earlier 10\nsmall"));
    EXPECT_THAT(lines, HasSubstr("status 0"));
    for (const char* part : {" · load", " of 2 s", "streaming", " lag   ", "▁", "█"}) {
      EXPECT_THAT(lines, Not(HasSubstr(part)));
    }
  }
};

class TerminalWidthTest : public TerminalTest, public testing::WithParamInterface<int> {};

TEST_P(TerminalWidthTest, ALiveRunLeavesNothingBehind) {
  Start(GetParam(), SmallScenario(""), "--set duration=2s");
  AwaitShown("  r1   streaming");
  for (int i = 0; i < 10; ++i) ExpectAtMostOneBlock(Lines());
  AwaitEnd();
  ExpectOnlyTheReport(Lines());
}

TEST_P(TerminalWidthTest, AVirtualRunShowsOneLineAndLeavesNothingBehind) {
  Start(GetParam(), SmallScenario("vary: {seed: [1, 2]}\n"),
        "--set duration=60s --runtime virtual");
  AwaitEnd();
  EXPECT_THAT(Raw(), HasSubstr(" of 60 s · "));
  EXPECT_THAT(Raw(), Not(HasSubstr("streaming")));
  ExpectOnlyTheReport(Lines());
}

TEST_P(TerminalWidthTest, TheReportIsAsWideAsTheTerminal) {
  Start(GetParam(), SmallScenario("vary: {seed: [1, 2, 3]}\n"), "--runtime virtual");
  AwaitEnd();
  const std::string raw = Raw();
  const size_t begin = raw.find("\r\n\r\n", raw.rfind("small · "));
  ASSERT_NE(begin, std::string::npos);
  const std::string report = raw.substr(begin, raw.rfind("report ") - begin);
  size_t widest = 0;
  for (const absl::string_view line : absl::StrSplit(report, "\r\n")) {
    const std::string plain =
        std::regex_replace(std::string(line), std::regex("\033\\[[0-9;]*m"), "");
    widest = std::max(widest, TerminalColumns(plain));
  }
  // The narrowest table has the names of the rows and one variant.
  EXPECT_LE(widest, std::max(GetParam(), 60)) << report;
  EXPECT_GT(widest, 30u);
}

INSTANTIATE_TEST_SUITE_P(Columns, TerminalWidthTest, testing::Values(40, 60, 80, 120));

TEST_F(TerminalTest, AResizeLeavesNothingBehind) {
  Start(120, SmallScenario(""), "--set duration=2s");
  AwaitShown("  r1   streaming");
  for (const int columns : {60, 90, 44, 100}) {
    Tmux(absl::StrCat("resize-window -t test -x ", columns));
    for (int i = 0; i < 5; ++i) ExpectAtMostOneBlock(Lines());
  }
  Tmux("resize-window -t test -y 5");
  ExpectAtMostOneBlock(Lines());
  AwaitEnd();
  ExpectOnlyTheReport(Lines());
}

// The first variant is complete when Ctrl-C is pressed in the second.
class TerminalInterruptTest : public TerminalTest,
                              public testing::WithParamInterface<const char*> {};

TEST_P(TerminalInterruptTest, CtrlCPrintsTheTableOfTheCompleteVariants) {
  Start(80, SmallScenario("vary: {duration: [1s, 600s]}\n"),
        absl::StrCat("--runtime ", GetParam()));
  AwaitShown(" of 600 s");
  Tmux("send-keys -t test C-c");
  AwaitEnd();
  const std::string lines = Lines();
  EXPECT_THAT(lines, HasSubstr("earlier 10\nsmall"));
  EXPECT_THAT(lines, HasSubstr("committed"));
  EXPECT_THAT(lines, HasSubstr("replsim: 600s: interrupted\n"));
  EXPECT_THAT(lines, HasSubstr("the table has the runs that were complete; all recordings are in"));
  EXPECT_THAT(lines, HasSubstr("status 130"));
  EXPECT_THAT(lines, Not(HasSubstr(" of 600 s")));
}

INSTANTIATE_TEST_SUITE_P(Runtimes, TerminalInterruptTest, testing::Values("live", "virtual"));

}  // namespace
}  // namespace replsim::terminal_test
