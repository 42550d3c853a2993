// The commands that tell how replsim is used.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "tests/live/live_fixture.h"

namespace replsim::help_test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class HelpTest : public LiveTest {
 protected:
  // The output of a command that must succeed.
  std::string Told(const std::string& arguments) const {
    const CommandResult result = Replsim(arguments);
    EXPECT_EQ(result.exit, 0) << arguments << result.output;
    return result.output;
  }
  std::vector<std::string> Commands() const {
    std::vector<std::string> commands;
    bool listed = false;
    for (const absl::string_view line : absl::StrSplit(Told("--help"), '\n')) {
      if (!absl::StartsWith(line, " ")) listed = line == "Subcommands:";
      const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
      if (listed && absl::StartsWith(line, "  ") && line[2] != ' ') commands.push_back(words[0]);
    }
    return commands;
  }
};

// Columns, not bytes.
size_t Width(absl::string_view line) {
  size_t columns = 0;
  for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return columns;
}

void ExpectFits(const std::string& text, size_t columns) {
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    EXPECT_LE(Width(line), columns) << line;
  }
}

TEST_F(HelpTest, EveryCommandHasExamplesAndFits80Columns) {
  EXPECT_GE(Commands().size(), 13u);
  for (const std::string& command : Commands()) {
    const std::string help = Told(command + " --help");
    EXPECT_THAT(help, HasSubstr("Usage: replsim " + command)) << command;
    EXPECT_THAT(help, HasSubstr("\nExamples:\n  replsim ")) << command;
    ExpectFits(help, 80);
  }
  ExpectFits(Told("--help"), 80);
}

TEST_F(HelpTest, WithoutACommandItPrintsTheHelp) { EXPECT_EQ(Told(""), Told("--help")); }

TEST_F(HelpTest, TheVersionIsThatOfTheProject) {
  EXPECT_EQ(Told("--version"), "replsim " REPLSIM_VERSION "\n");
}

TEST_F(HelpTest, AnUnknownCommandIsToldWithTheNearest) {
  const CommandResult rnu = Replsim("rnu x.yaml");
  EXPECT_EQ(rnu.exit, 64);
  EXPECT_EQ(rnu.output, "replsim: 'rnu' is not a command; did you mean 'run'?\n");
  const CommandResult far = Replsim("dance");
  EXPECT_EQ(far.exit, 64);
  EXPECT_THAT(far.output, StartsWith("replsim: 'dance' is not a command; known: run, lint, "));
  EXPECT_THAT(far.output, Not(HasSubstr("view"))) << "hidden";
}

TEST_F(HelpTest, PresetsFaultsAndSchema) {
  EXPECT_THAT(Told("faults"), Not(IsEmpty()));
  EXPECT_THAT(Told("schema"), HasSubstr("workload.clients"));
  EXPECT_THAT(Told("schema faults.kill"), StartsWith("faults[].do"));
  ExpectFits(Told("presets"), 80);
  EXPECT_THAT(Told("presets postgres:on"), HasSubstr("replication.ack_after"));
  const CommandResult preset = Replsim("presets postgres:onn");
  EXPECT_EQ(preset.exit, 64);
  EXPECT_THAT(preset.output, HasSubstr("did you mean 'postgres:on'?"));
}

TEST_F(HelpTest, ScenariosListsNameSecondsAndQuestion) {
  std::filesystem::create_directories(folder() + "/mine");
  WriteFile("mine/b.yaml", SmallScenario("vary: {seed: [1, 2, 3]}\n"));
  WriteFile("mine/a.yaml", SmallScenario(""));
  WriteFile("mine/notes.txt", "not a scenario");
  const std::string listed = Told("scenarios --dir " + folder() + "/mine");
  EXPECT_THAT(listed, StartsWith("scenario  seconds  question\n"
                                 "a         2        Does it work?\n"
                                 "b         6        Does it work?\n"));
  WriteFile("mine/c.yaml", "nme: c\n");
  const CommandResult broken = Replsim("scenarios --dir " + folder() + "/mine");
  EXPECT_EQ(broken.exit, 64);
  EXPECT_THAT(broken.output, HasSubstr("c.yaml:1:1"));
  EXPECT_EQ(Replsim("scenarios --dir /no/such/folder").exit, 64);
}

TEST_F(HelpTest, ScenariosFindsTheFolderHereAndTheInstalledOne) {
  std::filesystem::create_directories(folder() + "/scenarios");
  WriteFile("scenarios/here.yaml", SmallScenario(""));
  EXPECT_THAT(RunCommand("cd " + folder() + " && " REPLSIM_BIN "/replsim scenarios").output,
              HasSubstr("\nhere "));

  // Installed: the program is PREFIX/bin/replsim.
  const std::string prefix = folder() + "/prefix";
  std::filesystem::create_directories(prefix + "/share/replsim/scenarios");
  std::filesystem::create_directories(prefix + "/bin");
  std::filesystem::copy(REPLSIM_BIN "/replsim", prefix + "/bin/replsim");
  WriteFile("prefix/share/replsim/scenarios/installed.yaml", SmallScenario(""));
  EXPECT_THAT(RunCommand("cd /proc && " + prefix + "/bin/replsim scenarios").output,
              HasSubstr("\ninstalled "));
}

}  // namespace
}  // namespace replsim::help_test
