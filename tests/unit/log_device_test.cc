// The promises that every log device keeps. A test of a single device names it.
#include "common/server/loop/log_device.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/storage/file/memory_file_system.h"
#include "tests/support/faulty_file_system.h"
#include "tests/unit/record_batches.h"

namespace replsim::log_device_test {
namespace {

using Told = std::vector<std::string>;

// On a real folder: the kernel can only flush what it knows.
class LogDeviceTest : public testing::TestWithParam<IoModel> {
 protected:
  void SetUp() override {
    std::string path = (std::filesystem::temp_directory_path() / "replsim-device-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    Recovery recovery;
    auto log = Log::Open(disk_, folder_ + "/log", LogOptions{}, &recovery);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
    flushes_before_ = disk_.count(DiskOperation::kSync);
    device_ = Make();
    if (device_ == nullptr) GTEST_SKIP() << forbidden_;
  }
  ~LogDeviceTest() override {
    device_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::unique_ptr<LogDevice> Make() {
    LogHooks hooks;
    hooks.notify = [this](Event event) {
      if (const auto* written = std::get_if<LogWritten>(&event)) {
        Tell("written ", written->last);
      } else if (const auto* flushed = std::get_if<LogFlushed>(&event)) {
        if (on_flushed_) on_flushed_();
        Tell("flushed ", flushed->last);
      } else if (const auto* failed = std::get_if<LogFailed>(&event)) {
        why_ = failed->why;
        Tell("failed", Lsn(0));
      }
    };
    hooks.write = [this](const BatchPtr& batch) { return log_->Append(*batch); };
    hooks.before_flush = [this](Lsn, Lsn, uint64_t) {
      if (gate_ != nullptr) gate_->WaitForNotification();
    };
    hooks.after_flush = [this](Lsn first, Lsn last, uint64_t device_bytes) {
      EXPECT_LE(first, last);
      device_bytes_ += device_bytes;
    };
    absl::StatusOr<std::unique_ptr<LogDevice>> made =
        MakeLogDevice(GetParam(), *log_, std::move(hooks));
    if (absl::IsUnavailable(made.status())) {
      forbidden_ = std::string(made.status().message());
      return nullptr;
    }
    EXPECT_TRUE(made.ok()) << made.status();
    return *std::move(made);
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

  std::string folder_;
  FaultyFileSystem disk_{PosixFileSystem()};
  std::unique_ptr<Log> log_;
  uint64_t flushes_before_ = 0;
  uint64_t device_bytes_ = 0;
  absl::Notification* gate_ = nullptr;  // holds flushes back until it is notified
  std::function<void()> on_flushed_;    // called in the thread that reports a flush
  std::mutex mutex_;
  Told told_;
  std::string why_;
  std::string forbidden_;
  std::unique_ptr<LogDevice> device_;
};

std::string NameOf(const testing::TestParamInfo<IoModel>& info) {
  return info.param == IoModel::kBlocking ? "blocking"
         : info.param == IoModel::kThread ? "thread"
                                          : "io_uring";
}
INSTANTIATE_TEST_SUITE_P(Every, LogDeviceTest,
                         testing::Values(IoModel::kBlocking, IoModel::kThread, IoModel::kIoUring),
                         NameOf);

TEST_P(LogDeviceTest, FlushesWhatWasWrittenAndSaysSo) {
  Write(1, 1, 2);
  device_->Flush();
  device_->Drain();
  EXPECT_EQ(told_, (Told{"flushed 2"}));
  EXPECT_EQ(Flushes(), 1u);
}

TEST_P(LogDeviceTest, WithNothingNewThereIsNothingToFlush) {
  Write(1, 1, 2);
  device_->Flush();
  device_->Drain();
  device_->Flush();
  device_->Drain();
  EXPECT_EQ(told_.size(), 1u);
  EXPECT_EQ(Flushes(), 1u);
}

TEST_P(LogDeviceTest, WhatGathersDuringOneFlushIsFlushedByTheNext) {
  if (GetParam() == IoModel::kBlocking) GTEST_SKIP() << "nothing gathers while the loop waits";
  absl::Notification gate;
  gate_ = &gate;
  Write(1, 1, 1);
  // With io_uring the asker itself begins the flush.
  std::thread asker([this] { device_->Flush(); });
  if (GetParam() == IoModel::kThread) asker.join();
  for (uint64_t lsn = 2; lsn <= 20; ++lsn) {
    Write(1, lsn, lsn);
    if (GetParam() == IoModel::kThread) device_->Flush();
  }
  gate.Notify();
  if (asker.joinable()) asker.join();
  device_->Flush();
  device_->Drain();
  EXPECT_EQ(told_.back(), "flushed 20");
  EXPECT_LE(Flushes(), 2u);
}

TEST_P(LogDeviceTest, AloneMeansAWriteAndAFlushForEach) {
  for (uint64_t lsn = 1; lsn <= 3; ++lsn) device_->AppendAndFlush(MakeBatch(1, lsn, lsn));
  device_->Drain();
  EXPECT_EQ(told_,
            (Told{"written 1", "flushed 1", "written 2", "flushed 2", "written 3", "flushed 3"}));
  EXPECT_EQ(Flushes(), 3u);
}

TEST_P(LogDeviceTest, AFailedFlushIsToldOnceAndNothingIsAcknowledgedAfterIt) {
  disk_.Inject({DiskOperation::kSync, 1, absl::DataLossError("input/output error"), 0});
  device_->AppendAndFlush(MakeBatch(1, 1, 1));
  device_->Drain();
  device_->AppendAndFlush(MakeBatch(1, 2, 2));
  device_->Flush();
  device_->Drain();
  EXPECT_EQ(told_, (Told{"written 1", "failed"}));
  EXPECT_NE(why_.find("input/output error"), std::string::npos) << why_;
}

TEST_P(LogDeviceTest, AFailedWriteIsNotToldAsWritten) {
  disk_.Inject({DiskOperation::kWrite, 1, absl::DataLossError("input/output error"), 0});
  device_->AppendAndFlush(MakeBatch(1, 1, 1));
  device_->Drain();
  EXPECT_EQ(told_, (Told{"failed"}));
}

TEST_P(LogDeviceTest, EndingFinishesWhatIsQueued) {
  device_->AppendAndFlush(MakeBatch(1, 1, 3));
  device_.reset();
  EXPECT_EQ(told_, (Told{"written 3", "flushed 3"}));
  EXPECT_EQ(log_->last(), Lsn(3));
}

TEST_P(LogDeviceTest, AfterACutItGoesOnBelowWhereItHadFlushed) {
  device_->AppendAndFlush(MakeBatch(1, 1, 5));
  device_->Drain();
  ASSERT_TRUE(log_->TruncateTo(Lsn(2), folder_ + "/rollback").ok());
  device_->Truncated(Lsn(2));
  device_->AppendAndFlush(MakeBatch(2, 3, 4));
  device_->Drain();
  EXPECT_EQ(told_.back(), "flushed 4");
}

// The thread that reports a flush may run the node loop, in which a truncation drains the device.
TEST_P(LogDeviceTest, DrainingFromWithinATellingDoesNotWaitForItself) {
  bool drained = false;
  on_flushed_ = [&] {
    if (std::exchange(drained, true)) return;
    device_->AppendAndFlush(MakeBatch(1, 2, 2));
    device_->Drain();
  };
  device_->AppendAndFlush(MakeBatch(1, 1, 1));
  device_->Drain();
  EXPECT_TRUE(drained);
  EXPECT_EQ(log_->last(), Lsn(2));
  EXPECT_EQ(Flushes(), 2u);
}

TEST_P(LogDeviceTest, ABlockIsWrittenAgainByEveryFlushThatTouchesIt) {
  device_->AppendAndFlush(MakeBatch(1, 1, 1));
  device_->Drain();
  const uint64_t first = device_bytes_;  // with the zeros ahead of it
  for (uint64_t lsn = 2; lsn <= 5; ++lsn) device_->AppendAndFlush(MakeBatch(1, lsn, lsn));
  device_->Drain();
  EXPECT_EQ(device_bytes_ - first, 4 * kDeviceBlockBytes);
}

// Disables io_uring for this process from here on, as a container's profile does.
void ForbidIoUring() {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program{static_cast<unsigned short>(std::size(filter)), filter};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) std::exit(1);
}

TEST(LogDeviceDeathTest, WhereTheKernelForbidsIoUringTheErrorSaysWhatToDo) {
  const auto try_it = [] {
    ForbidIoUring();
    MemoryFileSystem disk;
    Recovery recovery;
    const auto log = Log::Open(disk, "log", LogOptions{}, &recovery);
    const auto device = MakeLogDevice(IoModel::kIoUring, **log, LogHooks{});
    std::fprintf(stderr, "%s\n", device.status().ToString().c_str());
    std::exit(absl::IsUnavailable(device.status()) ? 0 : 2);
  };
  EXPECT_EXIT(try_it(), testing::ExitedWithCode(0),
              "Operation not permitted.*Set io: thread or io: blocking, or enable it");
}

}  // namespace
}  // namespace replsim::log_device_test
