#include "common/server/loop/combiner.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace replsim::combiner_test {
namespace {

using testing::ElementsAre;

TEST(Combiner, RunsInThePostingThreadBeforePostReturns) {
  std::thread::id ran_in;
  Combiner<int> combiner([&](std::vector<int>&) { ran_in = std::this_thread::get_id(); });
  combiner.Post(1);
  EXPECT_EQ(ran_in, std::this_thread::get_id());
}

TEST(Combiner, APostFromInsideWaitsForTheNextRun) {
  std::vector<std::vector<int>> runs;
  Combiner<int>* self = nullptr;
  Combiner<int> combiner([&](std::vector<int>& items) {
    runs.push_back(items);
    if (items.front() < 3) self->Post(items.front() + 1);
    EXPECT_EQ(runs.back(), items) << "the run in progress must not see what it posts";
  });
  self = &combiner;
  combiner.Post(1);
  EXPECT_THAT(runs, ElementsAre(ElementsAre(1), ElementsAre(2), ElementsAre(3)));
}

TEST(Combiner, PostAllIsOneRun) {
  std::vector<int> seen;
  int runs = 0;
  Combiner<int> combiner([&](std::vector<int>& items) {
    ++runs;
    seen = items;
  });
  combiner.PostAll({1, 2, 3});
  combiner.PostAll({});
  EXPECT_EQ(runs, 1);
  EXPECT_THAT(seen, ElementsAre(1, 2, 3));
}

TEST(Combiner, CarriesWhatCanOnlyBeMoved) {
  int sum = 0;
  Combiner<std::unique_ptr<int>> combiner([&](std::vector<std::unique_ptr<int>>& items) {
    for (auto& item : items) sum += *std::exchange(item, nullptr);
  });
  combiner.Post(std::make_unique<int>(2));
  combiner.Post(std::make_unique<int>(3));
  EXPECT_EQ(sum, 5);
}

TEST(Combiner, ManyThreadsLoseNothingOverlapNeverAndKeepTheirOrder) {
  constexpr int kThreads = 4;
  constexpr uint64_t kItems = 20'000;
  struct Item {
    size_t thread;
    uint64_t sequence;
  };
  std::atomic<bool> inside = false;
  // Plain on purpose: the sanitizer would see two runs that are not ordered.
  std::vector<uint64_t> last(kThreads);
  uint64_t handled = 0;
  bool overlapped = false;
  bool disordered = false;
  Combiner<Item> combiner([&](std::vector<Item>& items) {
    if (inside.exchange(true)) overlapped = true;
    for (const Item& item : items) {
      disordered |= item.sequence != last[item.thread] + 1;
      last[item.thread] = item.sequence;
      ++handled;
    }
    inside = false;
  });
  std::vector<std::thread> threads;
  for (size_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&combiner, thread] {
      for (uint64_t i = 1; i <= kItems; ++i) {
        if (i % 3 == 0) {
          combiner.PostAll({Item{thread, i}});
        } else {
          combiner.Post(Item{thread, i});
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(handled, kThreads * kItems);
  EXPECT_FALSE(overlapped);
  EXPECT_FALSE(disordered);
}

// The last poster must either be the runner or leave its item to one who will see it.
TEST(Combiner, NoItemIsLeftBehindWhenTheRunnerIsJustLeaving) {
  for (int round = 0; round < 5'000; ++round) {
    std::atomic<int> handled = 0;
    Combiner<int> combiner(
        [&](std::vector<int>& items) { handled += static_cast<int>(items.size()); });
    std::thread other([&] { combiner.Post(1); });
    combiner.Post(2);
    other.join();
    ASSERT_EQ(handled, 2);
  }
}

}  // namespace
}  // namespace replsim::combiner_test
