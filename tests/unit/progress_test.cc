#include "simulator/command/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/terminal_text.h"

namespace replsim::progress_test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Progress LiveProgress(std::string title) {
  return {Progress::Style::kTerminal, Progress::Runtime::kLive, std::move(title), Millis(30'000)};
}

NodeSnapshot Node(const char* id, uint64_t append, uint64_t apply) {
  NodeSnapshot node{NodeId(id), NodeState::kUp, {}};
  node.core.append = {Epoch(1), Lsn(append)};
  node.core.apply = Lsn(apply);
  node.core.following = NodeId("p");
  return node;
}

RunSnapshot Glance(uint64_t lag) {
  RunSnapshot glance;
  glance.phase = "load";
  glance.elapsed = Millis(12'300);
  glance.committed = 41'000;
  glance.primary = NodeId("p");
  glance.nodes = {Node("p", 1'000'000, 1'000'000), Node("r1", 1'000'000, 1'000'000 - lag),
                  Node("r2", 0, 0)};
  glance.nodes[2].state = NodeState::kDown;
  return glance;
}

TEST(Progress, EveryLineFitsAnyWidth) {
  for (size_t columns = 39; columns <= 130; ++columns) {
    Progress progress = LiveProgress("partition · postgres:remote_apply (2 of 3)");
    for (uint64_t i = 0; i < 60; ++i) {
      for (const std::string& line : progress.Block(Glance(i * 16'000), columns)) {
        EXPECT_LE(TerminalColumns(line), columns) << line;
      }
    }
  }
}

TEST(Progress, TheSparklineTakesWhatIsLeft) {
  for (const auto& [columns, bars] :
       {std::pair<size_t, size_t>{39, 4}, {59, 24}, {79, 30}, {119, 40}}) {
    Progress progress = LiveProgress("partition");
    std::vector<std::string> block;
    for (int i = 0; i < 60; ++i) block = progress.Block(Glance(0), columns);
    size_t found = 0;
    for (size_t at = block[1 + 1].find("▁"); at != std::string::npos;
         at = block[2].find("▁", at + 1)) {
      ++found;
    }
    EXPECT_EQ(found, bars) << block[2];
  }
}

TEST(Progress, TheTitleGivesWayToPhaseAndTime) {
  Progress progress = LiveProgress("partition · postgres:remote_apply (2 of 3)");
  EXPECT_THAT(progress.Block(Glance(0), 100)[0],
              EndsWith(" · load · 12.3 of 30 s · 3,333 writes/s"));
  const std::string narrow = progress.Block(Glance(0), 39)[0];
  EXPECT_THAT(narrow, StartsWith("partition"));
  EXPECT_THAT(narrow, EndsWith("… · load · 12.3 of 30 s"));
}

TEST(Progress, ANarrowBlockStillShowsTheLag) {
  Progress progress = LiveProgress("partition");
  EXPECT_THAT(progress.Block(Glance(1'234), 39),
              ElementsAre(HasSubstr("12.3 of 30 s"), HasSubstr("primary      at 1:1,000,000"),
                          HasSubstr("streaming    lag     1,234  █"), EndsWith("down        ")));
}

TEST(Progress, AVirtualRunIsOneLine) {
  const Progress progress(Progress::Style::kTerminal, Progress::Runtime::kVirtual,
                          "partition · sync (2 of 3)", Millis(30'000));
  EXPECT_EQ(progress.VirtualLine(Glance(0), 79),
            "partition · sync (2 of 3) · load · virtual 12.3 of 30 s · 41 %");
  EXPECT_LE(TerminalColumns(progress.VirtualLine(Glance(0), 40)), 40u);
}

TEST(Sparkline, ShowsTheNewestScaledToTheLargestOfThem) {
  EXPECT_EQ(Sparkline({900, 0, 1, 4, 8}, 4), "▁▂▅█");
  EXPECT_EQ(Sparkline({0, 0}, 4), "▁▁");
  EXPECT_EQ(Sparkline({5}, 0), "");
}

}  // namespace
}  // namespace replsim::progress_test
