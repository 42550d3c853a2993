// When a primary gives its lead back to a node that it prefers (failover.takeover_after).
#include "primary/core/takeover.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/unit/core_driver.h"

namespace replsim::takeover_test {
namespace {

ElectionKnobs KnobsOf(std::vector<NodeId> priority) {
  ElectionKnobs knobs;
  knobs.takeover_after = Millis(100);
  knobs.priority = std::move(priority);
  return knobs;
}

TEST(Takeover, IsOffForTheFirstOfTheList) {
  EXPECT_FALSE(Takeover(KnobsOf({NodeId("p"), NodeId("r1")}), NodeId("p")).on());
  EXPECT_TRUE(Takeover(KnobsOf({NodeId("p"), NodeId("r1")}), NodeId("r1")).on());
  EXPECT_TRUE(Takeover(KnobsOf({NodeId("p")}), NodeId("r2")).on());
  ElectionKnobs never = KnobsOf({NodeId("p")});
  never.takeover_after.reset();
  EXPECT_FALSE(Takeover(never, NodeId("r1")).on());
}

TEST(Takeover, WaitsUntilThePreferredNodeHasBeenNearForTheWholeTime) {
  Takeover takeover(KnobsOf({NodeId("p")}), NodeId("r1"));
  EXPECT_EQ(takeover.NextTimer(), kNever);
  takeover.Observe(NodeId("p"), Lsn(0), Lsn(50), AtMs(0));
  takeover.Observe(NodeId("p"), Lsn(10), Lsn(60), AtMs(30));  // far behind
  takeover.Observe(NodeId("p"), Lsn(60), Lsn(60), AtMs(40));
  for (int ms = 45; ms < 130; ms += 5) {
    const auto lsn = static_cast<uint64_t>(ms + 20);  // one sample behind
    takeover.Observe(NodeId("p"), Lsn(lsn), Lsn(lsn + 5), AtMs(ms));
    EXPECT_TRUE(takeover.TakeDue(AtMs(ms)).empty()) << ms;
  }
  EXPECT_EQ(takeover.NextTimer(), AtMs(130));
  EXPECT_EQ(takeover.TakeDue(AtMs(130)), NodeId("p"));
  EXPECT_TRUE(takeover.TakeDue(AtMs(131)).empty()) << "it is tried again later";
  EXPECT_EQ(takeover.TakeDue(AtMs(230)), NodeId("p"));
}

TEST(Takeover, ANodeThatIsLostBeginsAnew) {
  Takeover takeover(KnobsOf({NodeId("p"), NodeId("r2")}), NodeId("r1"));
  takeover.Observe(NodeId("p"), Lsn(5), Lsn(5), AtMs(0));
  takeover.Observe(NodeId("r2"), Lsn(5), Lsn(5), AtMs(10));
  takeover.Observe(NodeId("r3"), Lsn(5), Lsn(5), AtMs(0));
  takeover.Forget(NodeId("p"));
  EXPECT_TRUE(takeover.TakeDue(AtMs(109)).empty());
  takeover.Observe(NodeId("p"), Lsn(5), Lsn(5), AtMs(60));
  EXPECT_EQ(takeover.TakeDue(AtMs(110)), NodeId("r2"));
  EXPECT_EQ(takeover.TakeDue(AtMs(160)), NodeId("p"));
}

}  // namespace
}  // namespace replsim::takeover_test
