// The completions name everything that --help names, and bash completes with its script.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/program_help.h"

namespace replsim {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

// Returns the completions that bash offers for the last of `words`, one per line.
std::string BashOffers(const std::vector<std::string>& words) {
  std::string line = "bash -c 'source <(" REPLSIM_BIN "/replsim completion bash); COMP_WORDS=(";
  for (const std::string& word : words) line += "\"" + word + "\" ";
  line += "); COMP_CWORD=" + std::to_string(words.size() - 1) +
          "; _replsim; printf \"%s\\n\" \"${COMPREPLY[@]}\"'";
  return RunCommand(line).output;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool HasShell(const std::string& shell) { return RunCommand("command -v " + shell).exit == 0; }

TEST(Completion, NamesEverySubcommandAndOption) {
  const std::string bash = ProgramOutput("completion bash");
  const std::string zsh = ProgramOutput("completion zsh");
  const std::string fish = ProgramOutput("completion fish");
  const std::vector<std::string> commands = SubcommandsInHelp();
  ASSERT_THAT(commands, testing::IsSupersetOf({"run", "explore", "completion", "manual"}));
  for (const std::string& command : commands) {
    EXPECT_THAT(bash, HasSubstr("    " + command + ") COMPREPLY="));
    EXPECT_THAT(zsh, HasSubstr("        " + command + ")\n"));
    EXPECT_THAT(fish, HasSubstr(" -f -a " + command + " -d "));
    const std::vector<std::string> options = OptionsInHelp(command);
    EXPECT_THAT(options, testing::Contains("--help")) << command;
    EXPECT_THAT(Lines(BashOffers({"replsim", command, "--"})), testing::IsSupersetOf(options))
        << command;
    for (const std::string& option : options) {
      EXPECT_THAT(zsh, HasSubstr("'*" + option + "["));
      EXPECT_THAT(fish, HasSubstr("-l " + option.substr(2) + " "));
    }
  }
}

TEST(Completion, LeavesOutWhatHelpLeavesOut) {
  EXPECT_THAT(ProgramOutput("completion bash"), testing::Not(HasSubstr("    view)")));
}

TEST(Completion, BashCompletesSubcommandsOptionsAndValues) {
  EXPECT_EQ(BashOffers({"replsim", "expla"}), "explain\n");
  EXPECT_EQ(BashOffers({"replsim", "run", "--runt"}), "--runtime\n");
  EXPECT_EQ(BashOffers({"replsim", "run", "--runtime", "v"}), "virtual\n");
  EXPECT_EQ(BashOffers({"replsim", "run", "--runtime", "=", "v"}), "virtual\n");
  EXPECT_THAT(Lines(BashOffers({"replsim", "run", "--runtime", "="})),
              UnorderedElementsAre("live", "virtual"));
  EXPECT_THAT(Lines(BashOffers({"replsim", "completion", ""})),
              UnorderedElementsAre("bash", "zsh", "fish"));
  EXPECT_EQ(BashOffers({"replsim", "run", "part"}), "\n") << "bash completes the file name";
}

TEST(Completion, ZshAndFishAcceptTheirScripts) {
  if (!HasShell("zsh") && !HasShell("fish")) GTEST_SKIP() << "neither zsh nor fish is installed";
  for (const std::string shell : {"zsh", "fish"}) {
    if (!HasShell(shell)) continue;
    const CommandResult checked =
        RunCommand(REPLSIM_BIN "/replsim completion " + shell + " | " + shell + " -n /dev/stdin");
    EXPECT_EQ(checked.exit, 0) << checked.output;
    EXPECT_EQ(checked.output, "");
  }
}

TEST(Completion, AnUnknownShellIsBadUsage) {
  const CommandResult result = RunCommand(REPLSIM_BIN "/replsim completion tcsh");
  EXPECT_EQ(result.exit, 64);
  EXPECT_THAT(result.output, HasSubstr("bash,zsh,fish"));
}

}  // namespace
}  // namespace replsim
