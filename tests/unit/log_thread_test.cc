#include "common/runtime/log_thread.h"

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/wal/faulty_file_system.h"
#include "common/wal/memory_file_system.h"
#include "tests/unit/record_batches.h"

namespace replsim {
namespace {

class LogThreadTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(disk_.MakeFolder("log").ok());
    Recovery recovery;
    auto log = Log::Open(disk_, "log", LogOptions{}, &recovery);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
    flushes_before_ = disk_.count(DiskOperation::kSync);
  }
  // `gate` holds the first write back until it is notified, so that what follows gathers.
  std::unique_ptr<LogThread> Start(absl::Notification* gate = nullptr) {
    LogThread::Hooks hooks;
    hooks.notify = [this](Event event) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (const auto* written = std::get_if<LogWritten>(&event)) {
        told_.push_back(absl::StrCat("written ", written->last.value()));
      } else if (const auto* flushed = std::get_if<LogFlushed>(&event)) {
        told_.push_back(absl::StrCat("flushed ", flushed->last.value()));
      } else if (const auto* failed = std::get_if<LogFailed>(&event)) {
        told_.push_back("failed");
        why_ = failed->why;
      }
    };
    hooks.before_write = [this, gate](Lsn, Lsn last) {
      if (gate != nullptr) gate->WaitForNotification();
      return let_through_ != Lsn(0) ? std::exchange(let_through_, Lsn(0)) : last;
    };
    hooks.after_write = hooks.before_flush = hooks.after_flush = [](Lsn, Lsn) {};
    return std::make_unique<LogThread>(*log_, std::move(hooks));
  }
  uint64_t Flushes() const { return disk_.count(DiskOperation::kSync) - flushes_before_; }

  MemoryFileSystem memory_;
  FaultyFileSystem disk_{memory_};
  std::unique_ptr<Log> log_;
  uint64_t flushes_before_ = 0;
  Lsn let_through_;
  std::mutex mutex_;
  std::vector<std::string> told_;
  std::string why_;
};

using Told = std::vector<std::string>;

TEST_F(LogThreadTest, TellsOfTheWriteThenOfTheFlush) {
  const auto thread = Start();
  thread->Append(MakeBatch(1, 1, 2), FlushMode::kGroup);
  thread->Drain();
  EXPECT_EQ(told_, (Told{"written 2", "flushed 2"}));
}

TEST_F(LogThreadTest, WithoutAFlushModeNothingIsFlushedUntilItIsAsked) {
  const auto thread = Start();
  thread->Append(MakeBatch(1, 1, 2), FlushMode::kNone);
  thread->Drain();
  EXPECT_EQ(told_, (Told{"written 2"}));
  EXPECT_EQ(Flushes(), 0u);
  thread->Flush();
  thread->Drain();
  EXPECT_EQ(told_, (Told{"written 2", "flushed 2"}));
  thread->Flush();  // nothing new
  thread->Drain();
  EXPECT_EQ(told_.size(), 2u);
}

TEST_F(LogThreadTest, WhatGathersMeanwhileIsFlushedTogether) {
  absl::Notification gate;
  const auto thread = Start(&gate);
  for (uint64_t lsn = 1; lsn <= 20; ++lsn) thread->Append(MakeBatch(1, lsn, lsn), FlushMode::kGroup);
  gate.Notify();
  thread->Drain();
  EXPECT_EQ(told_.back(), "flushed 20");
  EXPECT_LE(Flushes(), 3u);  // the first run took what was there when it began
}

TEST_F(LogThreadTest, AloneMeansAFlushForEach) {
  absl::Notification gate;
  const auto thread = Start(&gate);
  for (uint64_t lsn = 1; lsn <= 5; ++lsn) thread->Append(MakeBatch(1, lsn, lsn), FlushMode::kAlone);
  gate.Notify();
  thread->Drain();
  EXPECT_GE(Flushes(), 5u);
  EXPECT_EQ(told_.size(), 10u);
}

TEST_F(LogThreadTest, AFailedFlushIsToldOnceAndNothingIsAcknowledgedAfterIt) {
  const auto thread = Start();
  disk_.Inject({DiskOperation::kSync, 1, absl::DataLossError("input/output error"), 0});
  thread->Append(MakeBatch(1, 1, 1), FlushMode::kGroup);
  thread->Drain();
  thread->Append(MakeBatch(1, 2, 2), FlushMode::kGroup);
  thread->Flush();
  thread->Drain();
  EXPECT_EQ(told_, (Told{"written 1", "failed"}));
  EXPECT_NE(why_.find("input/output error"), std::string::npos) << why_;
}

TEST_F(LogThreadTest, AFailedWriteIsNotToldAsWritten) {
  const auto thread = Start();
  disk_.Inject({DiskOperation::kWrite, 1, absl::ResourceExhaustedError("no space left"), 0});
  thread->Append(MakeBatch(1, 1, 1), FlushMode::kGroup);
  thread->Drain();
  EXPECT_EQ(told_, (Told{"failed"}));
}

TEST_F(LogThreadTest, AHookMayLetPartOfABatchThrough) {
  let_through_ = Lsn(2);
  const auto thread = Start();
  thread->Append(MakeBatch(1, 1, 5), FlushMode::kGroup);
  thread->Drain();
  EXPECT_EQ(told_, (Told{"written 2", "written 5", "flushed 5"}));
}

TEST_F(LogThreadTest, EndingFinishesWhatIsQueued) {
  Start()->Append(MakeBatch(1, 1, 3), FlushMode::kGroup);
  EXPECT_EQ(told_, (Told{"written 3", "flushed 3"}));
  EXPECT_EQ(log_->last(), Lsn(3));
}

TEST_F(LogThreadTest, GoesOnBelowWhereItHadFlushedAfterACut) {
  const auto thread = Start();
  thread->Append(MakeBatch(1, 1, 5), FlushMode::kGroup);
  thread->Drain();
  ASSERT_TRUE(log_->TruncateTo(Lsn(2), "rollback").ok());
  thread->Append(MakeBatch(2, 3, 4), FlushMode::kGroup);
  thread->Drain();
  EXPECT_EQ(told_.back(), "flushed 4");
}

}  // namespace
}  // namespace replsim
