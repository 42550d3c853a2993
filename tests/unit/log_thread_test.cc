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

using Told = std::vector<std::string>;

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
  // `gate` holds the first flush back until it is notified, so that what follows gathers.
  std::unique_ptr<LogThread> Start(absl::Notification* gate = nullptr) {
    LogThread::Hooks hooks;
    hooks.notify = [this](Event event) {
      if (const auto* written = std::get_if<LogWritten>(&event)) {
        Tell("written ", written->last);
      } else if (const auto* flushed = std::get_if<LogFlushed>(&event)) {
        Tell("flushed ", flushed->last);
      } else if (const auto* failed = std::get_if<LogFailed>(&event)) {
        Tell("failed", Lsn(0));
        why_ = failed->why;
      }
    };
    hooks.write = [this](const BatchPtr& batch) { return log_->Append(*batch); };
    hooks.around_flush = [gate](bool after, Lsn, Lsn) {
      if (gate != nullptr && !after) gate->WaitForNotification();
    };
    return std::make_unique<LogThread>(*log_, std::move(hooks));
  }
  void Tell(const char* what, Lsn lsn) {
    const std::lock_guard<std::mutex> lock(mutex_);
    told_.push_back(lsn == Lsn(0) ? what : absl::StrCat(what, lsn.value()));
  }
  // As the node loop does.
  void Write(uint64_t epoch, uint64_t first, uint64_t last) {
    ASSERT_TRUE(log_->Append(*MakeBatch(epoch, first, last)).ok());
  }
  uint64_t Flushes() const { return disk_.count(DiskOperation::kSync) - flushes_before_; }

  MemoryFileSystem memory_;
  FaultyFileSystem disk_{memory_};
  std::unique_ptr<Log> log_;
  uint64_t flushes_before_ = 0;
  std::mutex mutex_;
  Told told_;
  std::string why_;
};

TEST_F(LogThreadTest, FlushesWhatWasWrittenAndSaysSo) {
  const auto thread = Start();
  Write(1, 1, 2);
  thread->Flush();
  thread->Drain();
  EXPECT_EQ(told_, (Told{"flushed 2"}));
  EXPECT_EQ(Flushes(), 1u);
}

TEST_F(LogThreadTest, WithNothingNewThereIsNothingToFlush) {
  const auto thread = Start();
  Write(1, 1, 2);
  thread->Flush();
  thread->Drain();
  thread->Flush();
  thread->Drain();
  EXPECT_EQ(told_.size(), 1u);
  EXPECT_EQ(Flushes(), 1u);
}

TEST_F(LogThreadTest, WhatGathersDuringOneFlushIsFlushedByTheNext) {
  absl::Notification gate;
  const auto thread = Start(&gate);
  for (uint64_t lsn = 1; lsn <= 20; ++lsn) {
    Write(1, lsn, lsn);
    thread->Flush();
  }
  gate.Notify();
  thread->Drain();
  EXPECT_EQ(told_.back(), "flushed 20");
  EXPECT_LE(Flushes(), 2u);
}

TEST_F(LogThreadTest, AloneMeansAWriteAndAFlushForEach) {
  const auto thread = Start();
  for (uint64_t lsn = 1; lsn <= 3; ++lsn) thread->AppendAndFlush(MakeBatch(1, lsn, lsn));
  thread->Drain();
  EXPECT_EQ(told_,
            (Told{"written 1", "flushed 1", "written 2", "flushed 2", "written 3", "flushed 3"}));
  EXPECT_EQ(Flushes(), 3u);
}

TEST_F(LogThreadTest, AFailedFlushIsToldOnceAndNothingIsAcknowledgedAfterIt) {
  const auto thread = Start();
  disk_.Inject({DiskOperation::kSync, 1, absl::DataLossError("input/output error"), 0});
  thread->AppendAndFlush(MakeBatch(1, 1, 1));
  thread->Drain();
  thread->AppendAndFlush(MakeBatch(1, 2, 2));
  thread->Flush();
  thread->Drain();
  EXPECT_EQ(told_, (Told{"written 1", "failed"}));
  EXPECT_NE(why_.find("input/output error"), std::string::npos) << why_;
}

TEST_F(LogThreadTest, AFailedWriteIsNotToldAsWritten) {
  const auto thread = Start();
  disk_.Inject({DiskOperation::kWrite, 1, absl::ResourceExhaustedError("no space left"), 0});
  thread->AppendAndFlush(MakeBatch(1, 1, 1));
  thread->Drain();
  EXPECT_EQ(told_, (Told{"failed"}));
}

TEST_F(LogThreadTest, EndingFinishesWhatIsQueued) {
  Start()->AppendAndFlush(MakeBatch(1, 1, 3));
  EXPECT_EQ(told_, (Told{"written 3", "flushed 3"}));
  EXPECT_EQ(log_->last(), Lsn(3));
}

TEST_F(LogThreadTest, AfterACutItGoesOnBelowWhereItHadFlushed) {
  const auto thread = Start();
  thread->AppendAndFlush(MakeBatch(1, 1, 5));
  thread->Drain();
  ASSERT_TRUE(log_->TruncateTo(Lsn(2), "rollback").ok());
  thread->Truncated(Lsn(2));
  thread->AppendAndFlush(MakeBatch(2, 3, 4));
  thread->Drain();
  EXPECT_EQ(told_.back(), "flushed 4");
}

}  // namespace
}  // namespace replsim
