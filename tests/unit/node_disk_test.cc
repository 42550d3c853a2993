// The data that a node's disk loses at a power loss, with files in memory and on a real disk.
#include "common/storage/disk/node_disk.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "common/storage/disk/power_loss.h"
#include "common/storage/file/memory_file_system.h"

namespace replsim::node_disk_test {
namespace {

class NodeDiskTest : public testing::TestWithParam<const char*> {
 protected:
  NodeDiskTest() {
    if (GetParam() == std::string("memory")) {
      notes_ = std::make_unique<MemoryDurableExtents>();
      base_ = &memory_;
      folder_ = "node";
    } else {
      std::string path = (std::filesystem::temp_directory_path() / "replsim-test-XXXXXX").string();
      folder_ = mkdtemp(path.data());
      base_ = &PosixFileSystem();
      OpenNotes();
    }
    EXPECT_TRUE(base_->MakeFolder(folder_ + "/log").ok());
    Boot();
  }
  ~NodeDiskTest() override {
    if (base_ != &memory_) std::filesystem::remove_all(folder_);
  }

  void OpenNotes() {
    auto notes = OpenMappedDurableExtents(folder_ + "/" + kDurableExtentsName);
    ASSERT_TRUE(notes.ok()) << notes.status();
    notes_ = *std::move(notes);
  }
  // A new process knows only what was noted.
  void Boot() {
    if (base_ != &memory_) OpenNotes();
    disk_ = std::make_unique<NodeDisk>(*base_, *notes_, faults_, NodeDisk::Hooks{});
  }
  std::unique_ptr<File> Open(const std::string& name = "log/a") {
    auto file = disk_->Open(folder_ + "/" + name, /*create=*/true);
    EXPECT_TRUE(file.ok()) << file.status();
    EXPECT_TRUE(disk_->SyncFolder(FolderOf(folder_ + "/" + name)).ok());
    return *std::move(file);
  }
  uint64_t LosePower(Rng* torn = nullptr) {
    const auto lost = replsim::LosePower(*base_, *notes_, folder_, torn);
    EXPECT_TRUE(lost.ok()) << lost.status();
    Boot();
    return lost.value_or(0);
  }
  std::string Contents(const std::string& name = "log/a") {
    return ReadWholeFile(*base_, folder_ + "/" + name).value_or("no such file");
  }

  MemoryFileSystem memory_;
  FileSystem* base_ = nullptr;
  std::string folder_;
  std::unique_ptr<DurableExtents> notes_;
  DiskFaults faults_;
  std::unique_ptr<NodeDisk> disk_;
};

TEST_P(NodeDiskTest, ALossOfPowerTakesWhatWasNotFlushed) {
  auto file = Open();
  ASSERT_TRUE(file->WriteAt(0, "flushed").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->WriteAt(7, " and not").ok());
  EXPECT_EQ(LosePower(), 8u);
  EXPECT_EQ(Contents(), "flushed");
}

TEST_P(NodeDiskTest, InSpaceWrittenAheadItPutsBackTheZeros) {
  auto file = Open();
  ASSERT_TRUE(file->WriteAt(0, "head" + std::string(12, '\0')).ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->WriteAt(4, "tail").ok());
  LosePower();
  EXPECT_EQ(Contents(), "head" + std::string(12, '\0'));
}

TEST_P(NodeDiskTest, WhatIsWrittenAfterAFlushBeganIsNotPartOfIt) {
  auto file = Open();
  ASSERT_TRUE(file->WriteAt(0, "before").ok());
  const SyncMark mark = file->BeginSync();
  ASSERT_TRUE(file->WriteAt(6, " meanwhile").ok());
  ASSERT_TRUE(file->SyncTo(mark).ok());
  LosePower();
  EXPECT_EQ(Contents(), "before");
}

TEST_P(NodeDiskTest, AFlushBesideOneThatHasBegunIsItsOwn) {
  auto file = Open();
  ASSERT_TRUE(file->WriteAt(0, "before").ok());
  const SyncMark mark = file->BeginSync();
  ASSERT_TRUE(file->WriteAt(6, " meanwhile").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->SyncTo(mark).ok());
  EXPECT_EQ(LosePower(), 0u);
  EXPECT_EQ(Contents(), "before meanwhile");
}

// Losses of the virtual disk only: names and truncations that were not flushed.
class ForgetfulDiskTest : public testing::Test {
 protected:
  ForgetfulDiskTest() {
    EXPECT_TRUE(disk_.MakeFolder("node/log").ok());
    Write("node/a", "old");
    EXPECT_TRUE(disk_.SyncFolder("node").ok());
  }
  // Flushed, but for its name.
  void Write(const std::string& path, const std::string& contents) {
    auto file = disk_.Open(path, /*create=*/true);
    EXPECT_TRUE(file.ok() && (*file)->WriteAt(0, contents).ok() && (*file)->Sync().ok());
  }
  std::string Contents(const std::string& path) {
    return ReadWholeFile(memory_, path).value_or("no such file");
  }
  void LosePower() { EXPECT_TRUE(replsim::LosePower(memory_, notes_, "node", nullptr).ok()); }

  MemoryFileSystem memory_;
  MemoryDurableExtents notes_;
  DiskFaults faults_;
  NodeDisk disk_{memory_, notes_, faults_, NodeDisk::Hooks{}};
};

TEST_F(ForgetfulDiskTest, ANewNameIsThereOnceItsFolderWasFlushed) {
  Write("node/b", "b");
  LosePower();
  EXPECT_EQ(Contents("node/b"), "no such file");
  Write("node/b", "b");
  EXPECT_TRUE(disk_.SyncFolder("node").ok());
  LosePower();
  EXPECT_EQ(Contents("node/b"), "b");
}

TEST_F(ForgetfulDiskTest, AFileThatWasReplacedComesBack) {
  for (const char* contents : {"new", "newer"}) {
    Write("node/a.new", contents);
    ASSERT_TRUE(disk_.Rename("node/a.new", "node/a").ok());
  }
  EXPECT_EQ(Contents("node/a"), "newer");
  LosePower();
  EXPECT_EQ(Contents("node/a"), "old");
  EXPECT_EQ(Contents("node/a.new"), "no such file");
}

TEST_F(ForgetfulDiskTest, AFileThatWasRemovedComesBack) {
  ASSERT_TRUE(disk_.Remove("node/a").ok());
  LosePower();
  EXPECT_EQ(Contents("node/a"), "old");
}

TEST_F(ForgetfulDiskTest, AnEndThatWasCutOffComesBackUntilTheCutIsFlushed) {
  {
    auto file = *disk_.Open("node/a", /*create=*/false);
    ASSERT_TRUE(file->Truncate(1).ok() && file->WriteAt(1, "X").ok());
  }
  LosePower();
  EXPECT_EQ(Contents("node/a"), "old");
  auto file = *disk_.Open("node/a", /*create=*/false);
  ASSERT_TRUE(file->Truncate(1).ok() && file->Sync().ok());
  LosePower();
  EXPECT_EQ(Contents("node/a"), "o");
}

// If a flush did not raise the mark atomically, the lower of two marks would sometimes win.
TEST(FlushedPartTest, OfTwoFlushesThatEndTogetherTheFurtherOneHolds) {
  constexpr int kRounds = 20'000;
  std::vector<DurableExtent> parts(kRounds);
  std::atomic<int> round{-1};
  std::atomic<int> answered{-1};
  std::thread other([&] {
    for (int i = 0; i < kRounds; ++i) {
      while (round.load() < i) std::this_thread::yield();
      parts[static_cast<size_t>(i)].Flushed(100, 100);
      answered = i;
    }
  });
  for (int i = 0; i < kRounds; ++i) {
    round = i;
    parts[static_cast<size_t>(i)].Flushed(200, 200);
    while (answered.load() < i) std::this_thread::yield();
    EXPECT_EQ(parts[static_cast<size_t>(i)].data_end(), 200u) << "round " << i;
  }
  other.join();
}

TEST_P(NodeDiskTest, AProcessThatDiesLeavesWhatTheNextOneFlushes) {
  Open()->WriteAt(0, "handed to the kernel").IgnoreError();
  Boot();
  auto file = Open();
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(LosePower(), 0u);
  EXPECT_EQ(Contents(), "handed to the kernel");
}

// Each sector whole or not at all; over the seeds both a first part and any subset.
TEST_P(NodeDiskTest, TornKeepsSectorsOfWhatWasNotFlushed) {
  const std::string data(10 * kSectorBytes, 'x');
  bool first_part = false;
  bool with_a_gap = false;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    auto file = Open();
    ASSERT_TRUE(file->Truncate(0).ok());
    ASSERT_TRUE(file->WriteAt(0, "flushed").ok());
    ASSERT_TRUE(file->Sync().ok());
    ASSERT_TRUE(file->WriteAt(7, data).ok());
    Rng torn(seed);
    const uint64_t lost = LosePower(&torn);
    std::string kept = Contents();
    ASSERT_EQ(kept.substr(0, 7), "flushed");
    EXPECT_EQ(static_cast<uint64_t>(std::count(kept.begin(), kept.end(), 'x')) + lost, data.size());
    std::string survived;
    for (uint64_t begin = 7; begin < kept.size();) {
      const uint64_t end = std::min(kept.size(), SectorEnd(begin));
      const std::string sector = kept.substr(begin, end - begin);
      EXPECT_TRUE(sector == std::string(sector.size(), sector[0])) << "half a sector at " << begin;
      survived += sector[0] == 'x' ? 'x' : '.';
      begin = end;
    }
    const bool gap = absl::StrContains(survived, ".x");
    with_a_gap = with_a_gap || gap;
    first_part = first_part || (!gap && !survived.empty() && lost > 0);
  }
  EXPECT_TRUE(first_part);
  EXPECT_TRUE(with_a_gap);
}

TEST_P(NodeDiskTest, WhatAFailedFlushDroppedIsLostThoughALaterOneSaysOk) {
  auto file = Open();
  ASSERT_TRUE(file->WriteAt(0, "one ").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->WriteAt(4, "two ").ok());
  faults_.FailFlushes(1);
  EXPECT_TRUE(absl::StrContains(file->Sync().message(), "log/a: flush (fdatasync)"));
  ASSERT_TRUE(file->WriteAt(8, "three").ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(Contents(), "one two three") << "the kernel still shows it";
  EXPECT_EQ(LosePower(), 4u);
  EXPECT_EQ(Contents(), "one " + std::string(4, '\0') + "three");
}

TEST_P(NodeDiskTest, WhatIsWrittenAgainAfterAFailureIsSafe) {
  auto file = Open();
  ASSERT_TRUE(file->WriteAt(0, "one two").ok());
  faults_.FailFlushes(1);
  EXPECT_FALSE(file->Sync().ok());
  Boot();
  file = Open();
  ASSERT_TRUE(file->WriteAt(0, "one two").ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(LosePower(), 0u);
  EXPECT_EQ(Contents(), "one two");
}

TEST_P(NodeDiskTest, AFullDiskTakesWhatFitsAndSaysSo) {
  auto file = Open();
  ASSERT_TRUE(file->WriteAt(0, "1234").ok());
  faults_.Fill(3);
  EXPECT_TRUE(absl::IsResourceExhausted(file->WriteAt(4, "56789")));
  EXPECT_EQ(Contents(), "1234567");
  EXPECT_TRUE(file->WriteAt(0, "4321").ok()) << "it only has no room for more";
  ASSERT_TRUE(file->Truncate(5).ok());
  EXPECT_TRUE(file->WriteAt(5, "ab").ok()) << "what was given back can be had again";
  EXPECT_TRUE(absl::IsResourceExhausted(file->WriteAt(7, "c")));
  faults_.Heal();
  EXPECT_TRUE(file->WriteAt(7, "c").ok());
}

TEST_P(NodeDiskTest, ARenamedFileKeepsWhatWasFlushed) {
  auto file = Open("new");
  ASSERT_TRUE(file->WriteAt(0, "kept").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(Open("old")->WriteAt(0, "given way").ok());
  ASSERT_TRUE(disk_->Rename(folder_ + "/new", folder_ + "/old").ok());
  ASSERT_TRUE(disk_->SyncFolder(folder_).ok());
  EXPECT_EQ(LosePower(), 0u);
  EXPECT_EQ(Contents("old"), "kept");
}

INSTANTIATE_TEST_SUITE_P(Files, NodeDiskTest, testing::Values("memory", "posix"),
                         [](const auto& files) { return std::string(files.param); });

TEST(DiskFaultsTest, AStallEndsWhenItEndsAndADelayIsDrawnForEachFlush) {
  DiskFaults faults;
  const Instant now = FromNanos(1'000'000'000);
  EXPECT_EQ(faults.ExtraFlushTime(now), Nanos(0));
  faults.SlowFlushes([] { return Millis(5); });
  EXPECT_EQ(faults.ExtraFlushTime(now), Millis(5));
  faults.StallFlushes(now + Millis(50));
  EXPECT_EQ(faults.ExtraFlushTime(now + Millis(20)), Millis(30));
  EXPECT_EQ(faults.ExtraFlushTime(now + Millis(60)), Millis(5));
  faults.Heal();
  EXPECT_EQ(faults.ExtraFlushTime(now), Nanos(0));
}

}  // namespace
}  // namespace replsim::node_disk_test
