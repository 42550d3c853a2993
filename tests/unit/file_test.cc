#include "common/storage/file/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "common/storage/file/memory_file_system.h"
#include "tests/support/faulty_file_system.h"

namespace replsim::file_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = ::testing::TempDir() + "/replsim-file-XXXXXX";
    path = ::mkdtemp(name.data());
  }
  ~ScratchFolder() { std::filesystem::remove_all(path); }
  std::string path;
};

// The promises of every FileSystem.
class FileSystemTest : public ::testing::TestWithParam<const char*> {
 protected:
  FileSystemTest() : faulty_(memory_) { EXPECT_TRUE(memory_.MakeFolder(scratch_.path).ok()); }
  FileSystem& fs() {
    const std::string kind = GetParam();
    if (kind == "posix") return PosixFileSystem();
    if (kind == "memory") return memory_;
    return faulty_;
  }
  std::string Path(const std::string& name) const { return scratch_.path + "/" + name; }

  ScratchFolder scratch_;
  MemoryFileSystem memory_;
  FaultyFileSystem faulty_;
};

INSTANTIATE_TEST_SUITE_P(Every, FileSystemTest, ::testing::Values("posix", "memory", "faulty"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(FileSystemTest, AFileHoldsWhatWasWrittenWhereItWasWritten) {
  const auto file = fs().Open(Path("f"), true);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->WriteAt(3, "def").ok());
  ASSERT_TRUE((*file)->WriteAt(0, "ab").ok());
  EXPECT_EQ(*(*file)->ReadAt(0, 100), std::string("ab\0def", 6)) << "the hole reads as zero";
  EXPECT_EQ(*(*file)->ReadAt(4, 1), "e");
  EXPECT_EQ(*(*file)->ReadAt(6, 1), "");
  EXPECT_EQ(*(*file)->ReadAt(600, 1), "");
  EXPECT_EQ(*(*file)->Size(), 6u);
  ASSERT_TRUE((*file)->Truncate(4).ok());
  ASSERT_TRUE((*file)->Truncate(6).ok());
  EXPECT_EQ(*(*file)->ReadAt(0, 100), std::string("ab\0d\0\0", 6)) << "what was cut is gone";
  EXPECT_TRUE((*file)->Sync().ok());
}

TEST_P(FileSystemTest, WhatDoesNotExistIsNotFoundAndNamed) {
  const absl::Status opened = fs().Open(Path("none"), false).status();
  EXPECT_TRUE(absl::IsNotFound(opened)) << opened;
  EXPECT_THAT(std::string(opened.message()), HasSubstr(Path("none")));
  EXPECT_TRUE(absl::IsNotFound(fs().Open(Path("none/f"), true).status()));
  EXPECT_TRUE(absl::IsNotFound(fs().List(Path("none")).status()));
  EXPECT_TRUE(absl::IsNotFound(fs().Remove(Path("none"))));
  EXPECT_TRUE(absl::IsNotFound(fs().Rename(Path("none"), Path("some"))));
  EXPECT_TRUE(absl::IsNotFound(fs().SyncFolder(Path("none"))));
}

TEST_P(FileSystemTest, FoldersAreMadeWithTheirParentsAndListedInOrder) {
  ASSERT_TRUE(fs().MakeFolder(Path("a/b/c")).ok());
  ASSERT_TRUE(fs().MakeFolder(Path("a/b/c")).ok()) << "again is fine";
  for (const char* name : {"z", "m", "b"}) {
    ASSERT_TRUE(fs().Open(Path(std::string("a/b/c/") + name), true).ok());
  }
  EXPECT_THAT(*fs().List(Path("a/b/c")), ElementsAre("b", "m", "z"));
  EXPECT_THAT(*fs().List(Path("a/b")), ElementsAre("c"));
  EXPECT_TRUE(fs().SyncFolder(Path("a/b/c")).ok());
}

TEST_P(FileSystemTest, RenameReplacesAndAnOpenFileGoesWithIt) {
  const auto file = fs().Open(Path("from"), true);
  ASSERT_TRUE((*file)->WriteAt(0, "new").ok());
  ASSERT_TRUE((*fs().Open(Path("to"), true))->WriteAt(0, "older").ok());
  ASSERT_TRUE(fs().Rename(Path("from"), Path("to")).ok());
  ASSERT_TRUE((*file)->WriteAt(3, "er").ok());
  EXPECT_EQ(*ReadWholeFile(fs(), Path("to")), "newer");
  EXPECT_THAT(*fs().List(scratch_.path), ElementsAre("to"));
  ASSERT_TRUE(fs().Remove(Path("to")).ok());
  EXPECT_EQ(*(*file)->ReadAt(0, 9), "newer") << "an open file outlives its name";
}

TEST_P(FileSystemTest, ReplaceFileReplacesTheWhole) {
  ASSERT_TRUE(ReplaceFile(fs(), Path("f"), "a long one").ok());
  ASSERT_TRUE(ReplaceFile(fs(), Path("f"), "short").ok());
  EXPECT_EQ(*ReadWholeFile(fs(), Path("f")), "short");
  EXPECT_THAT(*fs().List(scratch_.path), ElementsAre("f"));
}

TEST(PosixFileSystem, AFileIsForItsOwnerAlone) {
  const ScratchFolder scratch;
  const std::string path = scratch.path + "/config";
  ASSERT_TRUE(ReplaceFile(PosixFileSystem(), path, "token: \"secret\"").ok());
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(FolderOf, IsWhatStandsBeforeTheLastSlash) {
  EXPECT_EQ(FolderOf("a/b/c"), "a/b");
  EXPECT_EQ(FolderOf("/a"), "/");
  EXPECT_EQ(FolderOf("a"), ".");
}

class FaultyFileSystemTest : public ::testing::Test {
 protected:
  FaultyFileSystemTest() : fs_(memory_) {
    EXPECT_TRUE(fs_.MakeFolder("d").ok());
    file_ = *fs_.Open("d/f", true);
    EXPECT_TRUE(fs_.SyncFolder("d").ok());
  }
  std::string Contents() { return *ReadWholeFile(fs_, "d/f"); }

  MemoryFileSystem memory_;
  FaultyFileSystem fs_;
  std::unique_ptr<File> file_;
};

TEST_F(FaultyFileSystemTest, PowerLossTakesBackWhatWasNotFlushed) {
  ASSERT_TRUE(file_->WriteAt(0, "durable").ok());
  ASSERT_TRUE(file_->Sync().ok());
  ASSERT_TRUE(file_->WriteAt(0, "DUR").ok());
  ASSERT_TRUE(file_->WriteAt(5, "and more").ok());
  ASSERT_TRUE(file_->Truncate(2).ok());
  EXPECT_EQ(Contents(), "DU");
  ASSERT_TRUE(fs_.LosePower(nullptr).ok());
  EXPECT_EQ(Contents(), "durable");
  EXPECT_FALSE(file_->WriteAt(0, "x").ok()) << "files of the time before are gone";
}

TEST_F(FaultyFileSystemTest, WithARandomTailAnyFirstPartOfTheChangesMayHaveReachedTheDisk) {
  std::map<std::string, int> seen;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    file_ = *fs_.Open("d/f", false);
    ASSERT_TRUE(file_->Truncate(0).ok() && file_->WriteAt(0, "0").ok() && file_->Sync().ok());
    ASSERT_TRUE(file_->WriteAt(1, "ab").ok() && file_->WriteAt(3, "cd").ok());
    ASSERT_TRUE(fs_.LosePower(&rng).ok());
    ++seen[Contents()];
  }
  EXPECT_EQ(seen.size(), 5u);
  for (const char* part : {"0", "0a", "0ab", "0abc", "0abcd"}) EXPECT_GT(seen[part], 0) << part;
}

TEST_F(FaultyFileSystemTest, NamesAreOnlyDurableOnceTheFolderIsFlushed) {
  ASSERT_TRUE(file_->WriteAt(0, "f").ok() && file_->Sync().ok());
  const auto fresh = fs_.Open("d/new", true);
  ASSERT_TRUE((*fresh)->WriteAt(0, "new").ok() && (*fresh)->Sync().ok());
  ASSERT_TRUE(fs_.Rename("d/new", "d/f").ok());
  ASSERT_TRUE(fs_.Open("d/other", true).ok());
  ASSERT_TRUE(fs_.LosePower(nullptr).ok());
  EXPECT_THAT(*fs_.List("d"), ElementsAre("f"));
  EXPECT_EQ(Contents(), "f");

  ASSERT_TRUE(fs_.Remove("d/f").ok());
  ASSERT_TRUE(fs_.LosePower(nullptr).ok());
  EXPECT_EQ(Contents(), "f");
  ASSERT_TRUE(fs_.Remove("d/f").ok() && fs_.SyncFolder("d").ok());
  ASSERT_TRUE(fs_.LosePower(nullptr).ok());
  EXPECT_THAT(*fs_.List("d"), ElementsAre());
}

TEST_F(FaultyFileSystemTest, TheChosenOperationFailsAndNoOther) {
  fs_.Inject({DiskOperation::kWrite, 2, absl::ResourceExhaustedError("disk full"), 3});
  EXPECT_TRUE(file_->WriteAt(0, "one").ok());
  const absl::Status second = file_->WriteAt(3, "second");
  EXPECT_TRUE(absl::IsResourceExhausted(second));
  EXPECT_THAT(std::string(second.message()), HasSubstr("d/f: disk full"));
  EXPECT_EQ(Contents(), "onesec") << "a short write leaves what it wrote";
  EXPECT_TRUE(file_->WriteAt(0, "ONE").ok());
  EXPECT_EQ(fs_.count(DiskOperation::kWrite), 3u);
  EXPECT_EQ(fs_.bytes_written(), 9u);
}

TEST_F(FaultyFileSystemTest, ATornWriteTellsNobody) {
  fs_.Inject({DiskOperation::kWrite, 1, absl::OkStatus(), 2});
  EXPECT_TRUE(file_->WriteAt(0, "torn").ok());
  EXPECT_EQ(Contents(), "to");
}

TEST_F(FaultyFileSystemTest, AfterAFailedFlushALaterOneMakesNothingDurable) {
  fs_.Inject({DiskOperation::kSync, 1, absl::DataLossError("I/O error")});
  ASSERT_TRUE(file_->WriteAt(0, "lost").ok());
  EXPECT_FALSE(file_->Sync().ok());
  EXPECT_TRUE(file_->Sync().ok());
  ASSERT_TRUE(fs_.LosePower(nullptr).ok());
  EXPECT_EQ(Contents(), "");
}

TEST_F(FaultyFileSystemTest, AStoppedMachineChangesNothingUntilItIsUpAgain) {
  fs_.StopAfter(1);
  EXPECT_TRUE(file_->WriteAt(0, "a").ok());
  EXPECT_TRUE(absl::IsUnavailable(file_->WriteAt(1, "b")));
  EXPECT_TRUE(absl::IsUnavailable(file_->Sync()));
  EXPECT_FALSE(fs_.Open("d/g", true).ok());
  EXPECT_EQ(Contents(), "a");
  ASSERT_TRUE(fs_.LosePower(nullptr).ok());
  EXPECT_TRUE(fs_.Open("d/g", true).ok());
}

TEST(ReadWholeFile, RefusesAFileTooLargeToBeOurs) {
  const ScratchFolder scratch;
  const std::string path = scratch.path + "/huge";
  ASSERT_TRUE(ReplaceFile(PosixFileSystem(), path, "x").ok());
  std::filesystem::resize_file(path, uint64_t{1} << 40);  // a hole: it takes no room
  const absl::StatusOr<std::string> read = ReadWholeFile(PosixFileSystem(), path);
  EXPECT_THAT(std::string(read.status().message()), HasSubstr(path + ": has 1099511627776 bytes"));
}

}  // namespace
}  // namespace replsim::file_test
