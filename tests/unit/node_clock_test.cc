#include "common/base/node_clock.h"

#include <gtest/gtest.h>

#include "common/base/rng.h"
#include "simulator/cluster/managed/clock_of.h"

namespace replsim::node_clock_test {
namespace {

constexpr Instant kBegin = FromNanos(1'000'000'000);

NodeClock Clock(Nanos offset, double drift) { return NodeClock(kBegin, offset, drift); }

TEST(NodeClock, IsRightUnlessTheMachineSaysOtherwise) {
  EXPECT_EQ(NodeClock().Local(kBegin + Millis(7)), kBegin + Millis(7));
  proto::Machine machine;
  proto::Clock* clock = machine.add_clocks();
  clock->set_node("r1");
  clock->set_drift(0.5);
  EXPECT_EQ(ClockOf(machine, "r2", kBegin).Global(kBegin), kBegin);
  EXPECT_EQ(ClockOf(machine, "r1", kBegin).Local(kBegin + Millis(10)), kBegin + Millis(15));
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
