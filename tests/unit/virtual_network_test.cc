#include "simulator/cluster/virtual/virtual_network.h"

#include <gtest/gtest.h>

#include <vector>

#include "simulator/cluster/virtual/virtual_scheduler.h"

namespace replsim::virtual_network_test {
namespace {

constexpr Nanos kHop = Micros(150);  // the default

class VirtualNetworkTest : public testing::Test {
 protected:
  struct Seen {
    int message;
    Instant at;
    bool held;
  };
  void Send(int message, size_t from = 0, size_t to = 1) {
    network_.Transmit(from, to, scheduler_.Now(), 100, [this, message](bool held) {
      seen_.push_back({message, scheduler_.Now(), held});
    });
  }
  void RunAll() {
    while (scheduler_.RunNext()) {
    }
  }
  Nanos After(size_t i) const { return seen_[i].at - VirtualScheduler::kBeginning; }

  VirtualScheduler scheduler_;
  VirtualNetwork network_{3, Machine(), &scheduler_, Rng(1)};
  std::vector<Seen> seen_;
};

TEST_F(VirtualNetworkTest, AHopAndTheLinksDelayOneWayOnly) {
  network_.Set(0, 1, {ConstantDelay(Millis(20)), Nanos(0)});
  Send(1);
  Send(2, 1, 0);
  RunAll();
  ASSERT_EQ(seen_.size(), 2u);
  EXPECT_EQ(seen_[0].message, 2);
  EXPECT_EQ(After(0), kHop);
  EXPECT_EQ(After(1), kHop + Millis(20));
}

TEST(VirtualNetworkHops, WhatTravelsHasAHopOfItsOwnWhereTheMachineSaysSo) {
  proto::Machine given;
  *given.mutable_hops()->mutable_records() = ConstantDelay(Micros(90));
  *given.mutable_hops()->mutable_answer() = ConstantDelay(Micros(200));
  VirtualScheduler scheduler;
  VirtualNetwork network(2, Machine(given), &scheduler, Rng(1));
  const auto takes = [&](Traffic traffic) {
    const Instant begin = scheduler.Now();
    network.Transmit(
        0, 1, begin, 100, [](bool) {}, traffic);
    while (scheduler.RunNext()) {
    }
    return scheduler.Now() - begin;
  };
  EXPECT_EQ(takes(Traffic::kRecords), Micros(90));
  EXPECT_EQ(takes(Traffic::kAnswer), Micros(200));
  EXPECT_EQ(takes(Traffic::kRequest), kHop);
  EXPECT_EQ(takes(Traffic::kAck), kHop);
  EXPECT_EQ(takes(Traffic::kOther), kHop);
}

TEST_F(VirtualNetworkTest, JitterNeverChangesTheOrder) {
  network_.Set(0, 1, {ConstantDelay(Millis(1)), Millis(10)});
  for (int i = 0; i < 200; ++i) {
    scheduler_.At(VirtualScheduler::kBeginning + Micros(i), [this, i] { Send(i); });
  }
  RunAll();
  ASSERT_EQ(seen_.size(), 200u);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(seen_[static_cast<size_t>(i)].message, i);
  EXPECT_GE(After(0), kHop + Millis(1));
  EXPECT_LE(After(199), kHop + Millis(11) + Micros(199));
  EXPECT_GT(After(199), After(0)) << "each draws anew";
}

TEST_F(VirtualNetworkTest, MessagesOfOneInstantShareTheDraws) {
  proto::Delay exponential;
  exponential.mutable_exponential()->mutable_mean()->set_ns(10'000'000);
  network_.Set(0, 1, {exponential, Millis(10)});
  network_.Set(1, 0, {exponential, Millis(10)});
  for (int i = 0; i < 50; ++i) Send(i);
  Send(50, 1, 0);
  RunAll();
  ASSERT_EQ(seen_.size(), 51u);
  const bool other_first = seen_[0].message == 50;
  const size_t first = other_first ? 1 : 0;
  EXPECT_EQ(After(first + 49), After(first));
  EXPECT_NE(After(other_first ? 0 : 50), After(first)) << "the other direction draws its own";
}

TEST_F(VirtualNetworkTest, OneInstantsMessagesLeaveOneAfterTheOtherAndTravelAlike) {
  network_.Set(0, 1, {ConstantDelay(Nanos(0)), Millis(10), 800'000});  // 100 bytes take 1 ms
  for (int i = 0; i < 10; ++i) Send(i);
  RunAll();
  ASSERT_EQ(seen_.size(), 10u);
  for (size_t i = 1; i < 10; ++i) EXPECT_EQ(After(i) - After(i - 1), Millis(1));
}

TEST_F(VirtualNetworkTest, ALinkThatIsSetAnewDrawsAnew) {
  network_.Set(0, 1, {ConstantDelay(Millis(20)), Nanos(0)});
  Send(1);
  network_.Set(0, 1, {ConstantDelay(Millis(30)), Nanos(0)});
  Send(2);
  RunAll();
  ASSERT_EQ(seen_.size(), 2u);
  EXPECT_EQ(After(0), kHop + Millis(20));
  EXPECT_EQ(After(1), kHop + Millis(30));
}

TEST_F(VirtualNetworkTest, WhatACutHoldsBackArrivesInOrderWhenItIsHealed) {
  network_.Cut(0, 1);
  Send(1);
  Send(2);
  Send(3, 1, 0);  // the other way is open
  RunAll();
  ASSERT_EQ(seen_.size(), 1u);
  scheduler_.At(scheduler_.Now() + Millis(50), [this] { network_.Heal(0, 1); });
  RunAll();
  ASSERT_EQ(seen_.size(), 3u);
  EXPECT_EQ(seen_[1].message, 1);
  EXPECT_EQ(seen_[2].message, 2);
  EXPECT_TRUE(seen_[1].held);
  // Healed 50 ms after the first message had come, and set out then.
  EXPECT_EQ(After(1), kHop + Millis(50) + kHop);
}

TEST_F(VirtualNetworkTest, WhatWasOnItsWayWhenTheLinkWasCutComesWhenItIsHealed) {
  network_.Set(0, 1, {ConstantDelay(Millis(20)), Nanos(0)});
  Send(1);
  network_.Cut(0, 1);
  scheduler_.At(scheduler_.Now() + Millis(50), [this] { network_.Heal(0, 1); });
  RunAll();
  ASSERT_EQ(seen_.size(), 1u);
  EXPECT_EQ(After(0), Millis(50));
}

TEST_F(VirtualNetworkTest, ABandwidthSpacesWhatIsSentAtOnce) {
  network_.Set(0, 1, {ConstantDelay(Nanos(0)), Nanos(0), 800'000});  // 100 bytes take 1 ms
  for (int i = 0; i < 10; ++i) Send(i);
  RunAll();
  ASSERT_EQ(seen_.size(), 10u);
  EXPECT_EQ(After(0), kHop + Millis(1));
  EXPECT_EQ(After(9), kHop + Millis(10));
}

}  // namespace
}  // namespace replsim::virtual_network_test
