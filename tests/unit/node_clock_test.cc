#include "simulator/cluster/virtual/node_clock.h"

#include <gtest/gtest.h>

#include "common/base/rng.h"
#include "simulator/cluster/virtual/virtual_scheduler.h"

namespace replsim::node_clock_test {
namespace {

NodeClock Clock(Nanos offset, double drift) {
  proto::Machine machine;
  proto::Clock* clock = machine.add_clocks();
  clock->set_node("r1");
  clock->mutable_offset()->set_ns(offset.count());
  clock->set_drift(drift);
  return NodeClock(machine, "r1");
}

constexpr Instant kBegin = VirtualScheduler::kBeginning;

TEST(NodeClock, IsRightUnlessTheMachineSaysOtherwise) {
  EXPECT_EQ(NodeClock().Local(kBegin + Millis(7)), kBegin + Millis(7));
  EXPECT_EQ(NodeClock(proto::Machine(), "r1").Global(kBegin), kBegin);
}

TEST(NodeClock, IsAheadAndGains) {
  const NodeClock clock = Clock(Millis(5), 0.001);
  EXPECT_EQ(clock.Local(kBegin), kBegin + Millis(5));
  EXPECT_EQ(clock.Local(kBegin + Millis(1000)), kBegin + Millis(1006));
  EXPECT_EQ(Clock(Nanos(0), -0.5).Local(kBegin + Millis(10)), kBegin + Millis(5));
}

TEST(NodeClock, NobodyIsWokenBeforeTheClockShowsTheTime) {
  Rng rng(3);
  for (const double drift : {0.0, 0.001, -0.001, 0.3, -0.7, 1e-9}) {
    const NodeClock clock = Clock(Millis(20), drift);
    for (int i = 0; i < 1000; ++i) {
      const Instant local = kBegin + Nanos(static_cast<int64_t>(rng.Below(60'000'000'000)));
      const Instant global = clock.Global(local);
      EXPECT_GE(clock.Local(global), local) << drift;
      EXPECT_LT(clock.Local(global - Nanos(3)), local + Nanos(1)) << drift;
    }
  }
  EXPECT_EQ(Clock(Millis(1), 0.5).Global(kNever), kNever);
}

}  // namespace
}  // namespace replsim::node_clock_test
