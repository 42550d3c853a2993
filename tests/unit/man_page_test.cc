// The manual page names everything that --help names, and troff has nothing to complain about.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/program_help.h"

namespace replsim {
namespace {

using testing::HasSubstr;

// A hyphen that troff must not turn into a typographic one is written with a backslash.
std::string Troff(const std::string& word) {
  std::string text;
  for (const char c : word) text += c == '-' ? "\\-" : std::string(1, c);
  return text;
}

TEST(ManPage, NamesEverySubcommandAndOption) {
  const std::string page = ProgramOutput("manual");
  EXPECT_THAT(page, HasSubstr("\n.SH NAME\nreplsim \\- "));
  for (const std::string& command : SubcommandsInHelp()) {
    const size_t section = page.find(".SS \"\\fBreplsim " + Troff(command) + "\\fR");
    ASSERT_NE(section, std::string::npos) << command;
    const size_t next = page.find(".SS ", section + 1);
    const std::string text = page.substr(section, next - section);
    for (const std::string& option : OptionsInHelp(command)) {
      EXPECT_THAT(text, HasSubstr("\\fB" + Troff(option) + "\\fR")) << command;
    }
  }
}

TEST(ManPage, IsCorrectTroff) {
  if (RunCommand("command -v groff").exit != 0) GTEST_SKIP() << "groff is not installed";
  const CommandResult result =
      RunCommand(REPLSIM_BIN "/replsim manual | groff -ww -man -K utf8 -T utf8 -rCHECKSTYLE=2 -z");
  EXPECT_EQ(result.exit, 0);
  EXPECT_EQ(result.output, "");
}

}  // namespace
}  // namespace replsim
