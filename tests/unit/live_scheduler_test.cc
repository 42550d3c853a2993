#include "simulator/cluster/live/live_scheduler.h"

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace replsim::live_scheduler_test {
namespace {

using testing::ElementsAre;

class LiveSchedulerTest : public testing::Test {
 protected:
  void Run(const std::function<bool()>& done) {
    const Instant give_up = MonotonicNow() + Millis(10'000);
    while (!done() && MonotonicNow() < give_up) io.run_one_for(Millis(100));
    EXPECT_TRUE(done());
  }

  asio::io_context io;
  LiveScheduler scheduler{&io};
};

TEST_F(LiveSchedulerTest, RunsTimersInOrderAndNotBeforeTheirTime) {
  std::vector<int> order;
  std::vector<bool> in_time;
  const Instant now = scheduler.Now();
  const auto at = [&](int ms, int name) {
    scheduler.At(now + Millis(ms), [&, ms, name] {
      order.push_back(name);
      in_time.push_back(scheduler.Now() >= now + Millis(ms));
    });
  };
  scheduler.Post([&] {
    at(6, 3);
    at(2, 1);
    at(4, 2);
    at(6, 4);
  });
  Run([&] { return order.size() == 4; });
  EXPECT_THAT(order, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(in_time, ElementsAre(true, true, true, true));
}

TEST_F(LiveSchedulerTest, PostRunsHereWhenNobodyIsInside) {
  bool inside = false;
  scheduler.Post([&] { inside = scheduler.IsInside(); });
  EXPECT_TRUE(inside);
  EXPECT_FALSE(scheduler.IsInside());
}

TEST_F(LiveSchedulerTest, NothingRunsInsideTheCallThatSchedulesIt) {
  std::vector<int> order;
  scheduler.Post([&] {
    scheduler.At(scheduler.Now() - Millis(1), [&] { order.push_back(2); });
    scheduler.Post([&] { order.push_back(3); });
    order.push_back(1);
  });
  Run([&] { return order.size() == 3; });
  EXPECT_EQ(order.front(), 1);

  bool ran = false;
  scheduler.At(scheduler.Now(), [&] { ran = true; });
  EXPECT_FALSE(ran);
  Run([&] { return ran; });
}

TEST_F(LiveSchedulerTest, AnEarlierTimerOvertakesTheOneBeingWaitedFor) {
  std::vector<int> order;
  scheduler.Post([&] { scheduler.At(scheduler.Now() + Millis(30), [&] { order.push_back(30); }); });
  scheduler.Post([&] { scheduler.At(scheduler.Now() + Millis(3), [&] { order.push_back(3); }); });
  Run([&] { return order.size() == 2; });
  EXPECT_THAT(order, ElementsAre(3, 30));
}

TEST_F(LiveSchedulerTest, ATimerThatKeepsReschedulingItselfLetsPostsIn) {
  bool stop = false;
  int turns = 0;
  std::function<void()> again = [&] {
    ++turns;
    if (turns == 10) scheduler.Post([&] { stop = true; });
    if (!stop) scheduler.At(scheduler.Now(), again);
  };
  scheduler.Post(again);
  Run([&] { return stop; });
  EXPECT_LE(turns, 12);
}

TEST_F(LiveSchedulerTest, ADueTimerIsRunByWhoeverIsInside) {
  std::thread::id ran_in;
  scheduler.Post([&] {
    scheduler.At(scheduler.Now() + Millis(1), [&] { ran_in = std::this_thread::get_id(); });
  });
  // The io_context does not run: only the posting thread can have.
  const Instant give_up = MonotonicNow() + Millis(10'000);
  while (ran_in == std::thread::id() && MonotonicNow() < give_up) scheduler.Post([] {});
  EXPECT_EQ(ran_in, std::this_thread::get_id());
}

TEST_F(LiveSchedulerTest, OnIoThreadLeavesTheScheduler) {
  bool ran = false;
  scheduler.Post([&] {
    scheduler.OnIoThread([&] {
      EXPECT_FALSE(scheduler.IsInside());
      ran = true;
    });
  });
  EXPECT_FALSE(ran);
  Run([&] { return ran; });
}

TEST_F(LiveSchedulerTest, NeverTwoCallbacksAtOnceFromManyThreads) {
  constexpr int kThreads = 3;
  constexpr int kPosts = 3'000;
  // Plain on purpose: a sanitizer sees callbacks that are not ordered.
  int posts = 0;
  int timers = 0;
  std::atomic<bool> finished = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < kPosts; ++k) {
        scheduler.Post([&] {
          ++posts;
          scheduler.At(scheduler.Now() + Micros(200), [&] {
            if (++timers == kThreads * kPosts) finished = true;
          });
        });
      }
    });
  }
  Run([&] { return finished.load(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(posts, kThreads * kPosts);
  EXPECT_EQ(timers, kThreads * kPosts);
}

}  // namespace
}  // namespace replsim::live_scheduler_test
