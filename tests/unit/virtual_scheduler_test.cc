#include "simulator/cluster/virtual/virtual_scheduler.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/base/rng.h"

namespace replsim::virtual_scheduler_test {
namespace {

constexpr Instant kBegin = VirtualScheduler::kBeginning;

TEST(VirtualScheduler, JumpsFromEventToEvent) {
  VirtualScheduler scheduler;
  EXPECT_EQ(scheduler.Now(), kBegin);
  std::vector<Instant> ran;
  for (const int64_t ms : {30, 10, 20}) {
    scheduler.At(kBegin + Millis(ms), [&] { ran.push_back(scheduler.Now()); });
  }
  while (scheduler.RunNext()) {
  }
  EXPECT_EQ(ran,
            (std::vector<Instant>{kBegin + Millis(10), kBegin + Millis(20), kBegin + Millis(30)}));
}

TEST(VirtualScheduler, OfOneInstantTheFirstScheduledRunsFirst) {
  VirtualScheduler scheduler;
  std::string order;
  scheduler.At(kBegin + Millis(1), [&] {
    order += 'a';
    scheduler.At(scheduler.Now(), [&] { order += 'c'; });
  });
  scheduler.At(kBegin + Millis(1), [&] { order += 'b'; });
  while (scheduler.RunNext()) {
  }
  EXPECT_EQ(order, "abc");
}

TEST(VirtualScheduler, WhatIsPastRunsNowAndTimeNeverGoesBack) {
  VirtualScheduler scheduler;
  scheduler.At(kBegin + Millis(5), [&] {
    scheduler.At(kBegin, [&] { EXPECT_EQ(scheduler.Now(), kBegin + Millis(5)); });
  });
  while (scheduler.RunNext()) {
  }
  EXPECT_EQ(scheduler.events_run(), 2u);
}

TEST(VirtualScheduler, RunsAnyNumberOfEventsInOrder) {
  VirtualScheduler scheduler;
  Rng rng(7);
  Instant last = kBegin;
  for (int i = 0; i < 20'000; ++i) {
    scheduler.At(kBegin + Nanos(static_cast<int64_t>(rng.Below(1000))), [&] {
      EXPECT_GE(scheduler.Now(), last);
      last = scheduler.Now();
    });
  }
  while (scheduler.RunNext()) {
  }
  EXPECT_EQ(scheduler.events_run(), 20'000u);
  EXPECT_EQ(scheduler.pending(), 0u);
}

}  // namespace
}  // namespace replsim::virtual_scheduler_test
