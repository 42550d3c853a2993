// A program that answers one question at a time, in a process of its own.
#include "simulator/serve/child_filter.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"

namespace replsim::child_filter_test {
namespace {

const std::vector<std::string> kCat = {"/bin/cat"};
// Says that it runs, then waits for longer than any test.
std::vector<std::string> Waiting(const std::string& file) {
  return {"/bin/sh", "-c", "touch " + file + "; exec sleep 600"};
}

bool Exists(const std::string& file) { return access(file.c_str(), F_OK) == 0; }

TEST(ChildFilter, PassesTheInputAndReturnsTheOutput) {
  ChildFilter filter;
  const std::string large(1 << 20, 'x');
  for (const std::string& input : {std::string(), std::string("a\nb"), large}) {
    const auto answer = filter.Run(kCat, input);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->status, 0);
    EXPECT_EQ(answer->output, input);
  }
}

TEST(ChildFilter, ReturnsTheExitStatusAndWhatWasWrittenToStderr) {
  ChildFilter filter;
  const auto answer = filter.Run({"/bin/sh", "-c", "echo no >&2; exit 64"}, "");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->status, 64);
  EXPECT_EQ(answer->output, "no\n");
}

TEST(ChildFilter, AProgramThatDiesOrDoesNotExistIsAnError) {
  ChildFilter filter;
  EXPECT_TRUE(absl::IsInternal(filter.Run({"/bin/sh", "-c", "kill -9 $$"}, "").status()));
  EXPECT_TRUE(absl::IsInternal(filter.Run({"/no/such/program"}, "").status()));
  EXPECT_TRUE(filter.Run(kCat, "still works").ok());
}

TEST(ChildFilter, AProgramThatExceedsItsProcessorTimeHasAReasonOfItsOwn) {
  ChildFilter filter;
  const auto busy = filter.Run({"/bin/sh", "-c", "ulimit -St 1; while :; do :; done"}, "");
  EXPECT_TRUE(absl::IsResourceExhausted(busy.status())) << busy.status();
}

TEST(ChildFilter, ANewerCallReplacesTheOlderOne) {
  const std::string running = testing::TempDir() + "/child_filter_newer";
  unlink(running.c_str());
  ChildFilter filter;
  absl::Status older;
  std::thread thread([&] { older = filter.Run(Waiting(running), "").status(); });
  while (!Exists(running)) std::this_thread::yield();
  EXPECT_EQ(filter.Run(kCat, "new")->output, "new");
  thread.join();
  EXPECT_TRUE(absl::IsCancelled(older)) << older;
  unlink(running.c_str());
}

TEST(ChildFilter, ItsEndEndsTheProgram) {
  const std::string running = testing::TempDir() + "/child_filter_end";
  unlink(running.c_str());
  auto filter = std::make_unique<ChildFilter>();
  absl::Status status;
  std::thread thread([&, run = filter.get()] { status = run->Run(Waiting(running), "").status(); });
  while (!Exists(running)) std::this_thread::yield();
  filter.reset();
  thread.join();
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  unlink(running.c_str());
}

}  // namespace
}  // namespace replsim::child_filter_test
