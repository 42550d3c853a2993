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

}  // namespace
}  // namespace replsim
