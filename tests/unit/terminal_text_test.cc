#include "common/base/terminal_text.h"

#include <gtest/gtest.h>

namespace replsim {
namespace {

TEST(TerminalText, CountsColumnsNotBytes) {
  EXPECT_EQ(TerminalColumns(""), 0u);
  EXPECT_EQ(TerminalColumns("async · 3 ms"), 12u);
  EXPECT_EQ(TerminalColumns("▁▂█"), 3u);
  EXPECT_EQ(TerminalColumns("複製"), 4u);
  EXPECT_EQ(TerminalColumns("\xff\xff"), 2u) << "bytes that are not UTF-8";
}

TEST(TerminalText, CutsToTheColumnsThereAre) {
  EXPECT_EQ(CutToColumns("async", 5), "async");
  EXPECT_EQ(CutToColumns("async", 4), "asy…");
  EXPECT_EQ(CutToColumns("▁▂▃▄", 3), "▁▂…");
  EXPECT_EQ(CutToColumns("async", 1), "…");
  EXPECT_EQ(CutToColumns("async", 0), "");
  EXPECT_EQ(CutToColumns("", 3), "");
}

TEST(TerminalText, AWideCharacterIsNeverHalved) {
  EXPECT_EQ(CutToColumns("複製x", 5), "複製x");
  EXPECT_EQ(CutToColumns("複製x", 4), "複…");
  EXPECT_EQ(CutToColumns("複製", 2), "…");
}

TEST(TerminalText, ControlCharactersAreLeftOut) {
  EXPECT_EQ(CutToColumns("a\nb\033[2Jc\x7f", 10), "ab[2Jc");
}

TEST(TerminalText, LongLinesAreBrokenAtSpacesAndTheirRestIsIndented) {
  EXPECT_EQ(WrapLines("short\n  it is a line of some words for a test\n", 30),
            "short\n  it is a line of some words\n      for a test\n");
  EXPECT_EQ(WrapLines("note  first second third", 12), "note  first\nsecond third")
      << "there is no room to indent";
}

TEST(TerminalText, ALineThatFitsAndALongWordStayAsTheyAre) {
  EXPECT_EQ(WrapLines("exactly as long", 15), "exactly as long");
  EXPECT_EQ(WrapLines("report /a/very/long/path/of/a/run.html", 20),
            "report\n/a/very/long/path/of/a/run.html");
}

TEST(TerminalText, ColorsTakeNoRoom) {
  EXPECT_EQ(WrapLines("\033[32mheld\033[0m  all of it", 15), "\033[32mheld\033[0m  all of it");
}

}  // namespace
}  // namespace replsim
