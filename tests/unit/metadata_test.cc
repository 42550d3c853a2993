#include "common/storage/log/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/base/epoch.h"
#include "common/storage/file/memory_file_system.h"
#include "tests/support/faulty_file_system.h"

namespace replsim::metadata_test {
namespace {

using ::testing::HasSubstr;

Metadata Sample(uint64_t epoch) {
  Metadata metadata;
  metadata.epoch = Epoch(epoch);
  for (uint64_t e = 1; e <= epoch; ++e) metadata.history.Begin(Epoch(e), Lsn(e * e));
  return metadata;
}

class MetadataTest : public ::testing::Test {
 protected:
  MetadataTest() { EXPECT_TRUE(disk_.MakeFolder("node").ok()); }

  void Write(absl::string_view bytes) {
    const auto file = disk_.Open("node/metadata", true);
    ASSERT_TRUE((*file)->Truncate(0).ok() && (*file)->WriteAt(0, bytes).ok());
  }

  MemoryFileSystem disk_;
};

TEST_F(MetadataTest, AFolderWithoutItIsANewNode) {
  const auto loaded = LoadMetadata(disk_, "node");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->epoch, Epoch(0));
  EXPECT_EQ(loaded->history, EpochHistory());
}

TEST_F(MetadataTest, ReadsBackWhatWasSavedLast) {
  for (uint64_t epoch : {0u, 1u, 7u, 3u}) {
    ASSERT_TRUE(SaveMetadata(disk_, "node", Sample(epoch)).ok());
    const auto loaded = LoadMetadata(disk_, "node");
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    EXPECT_EQ(loaded->epoch, Epoch(epoch));
    EXPECT_EQ(loaded->history, Sample(epoch).history);
  }
}

TEST_F(MetadataTest, AShutdownIsCleanOnlyIfTheFileSaysSo) {
  Metadata metadata = Sample(3);
  for (const bool clean : {true, false}) {
    metadata.clean = clean;
    ASSERT_TRUE(SaveMetadata(disk_, "node", metadata).ok());
    const auto loaded = LoadMetadata(disk_, "node");
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    EXPECT_EQ(loaded->clean, clean);
    EXPECT_EQ(loaded->history, metadata.history);
  }
}

TEST_F(MetadataTest, KeepsTheVote) {
  Metadata voted = Sample(3);
  voted.voted_for = NodeId("r2");
  ASSERT_TRUE(SaveMetadata(disk_, "node", voted).ok());
  const auto loaded = LoadMetadata(disk_, "node");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->voted_for, NodeId("r2"));
  EXPECT_EQ(loaded->history, voted.history);
  ASSERT_TRUE(SaveMetadata(disk_, "node", Sample(3)).ok());
  EXPECT_TRUE(LoadMetadata(disk_, "node")->voted_for.empty());
}

TEST_F(MetadataTest, KeepsTheInSyncSetThatAWitnessStores) {
  Metadata witness = Sample(3);
  witness.in_sync = {Epoch(3), 7, {NodeId("r1"), NodeId("p")}, 1};
  ASSERT_TRUE(SaveMetadata(disk_, "node", witness).ok());
  const auto loaded = LoadMetadata(disk_, "node");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->in_sync, witness.in_sync);
  EXPECT_EQ(loaded->history, witness.history);
  ASSERT_TRUE(SaveMetadata(disk_, "node", Sample(3)).ok());
  EXPECT_TRUE(LoadMetadata(disk_, "node")->in_sync.empty());
}

TEST_F(MetadataTest, ADamagedFileIsAnErrorThatNamesIt) {
  ASSERT_TRUE(SaveMetadata(disk_, "node", Sample(4)).ok());
  const std::string whole = *ReadWholeFile(disk_, "node/metadata");
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    Write(flipped);
    const absl::Status status = LoadMetadata(disk_, "node").status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << "byte " << i << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("node/metadata"));

    Write(whole.substr(0, i));
    EXPECT_TRUE(absl::IsDataLoss(LoadMetadata(disk_, "node").status())) << "cut to " << i;
  }
}

TEST_F(MetadataTest, ACrashAtAnyStepOfSavingLeavesTheOldOrTheNew) {
  int old_ones = 0;
  int new_ones = 0;
  for (uint64_t steps = 0; steps < 8; ++steps) {
    for (uint64_t seed = 0; seed < 40; ++seed) {
      MemoryFileSystem disk;
      FaultyFileSystem faulty(disk);
      Rng rng(seed);
      ASSERT_TRUE(faulty.MakeFolder("node").ok());
      ASSERT_TRUE(SaveMetadata(faulty, "node", Sample(1)).ok());
      faulty.StopAfter(steps);
      const bool saved = SaveMetadata(faulty, "node", Sample(2)).ok();
      ASSERT_TRUE(faulty.LosePower(seed == 0 ? nullptr : &rng).ok());
      const auto loaded = LoadMetadata(faulty, "node");
      ASSERT_TRUE(loaded.ok()) << steps << " steps: " << loaded.status();
      const bool is_new = loaded->epoch == Epoch(2);
      EXPECT_EQ(loaded->history, Sample(is_new ? 2 : 1).history);
      EXPECT_TRUE(is_new || !saved) << "saved, and lost after " << steps << " steps";
      is_new ? ++new_ones : ++old_ones;
      // Files left behind by the crash do not prevent the next save.
      ASSERT_TRUE(SaveMetadata(faulty, "node", Sample(3)).ok());
      EXPECT_EQ(LoadMetadata(faulty, "node")->epoch, Epoch(3));
    }
  }
  EXPECT_GT(old_ones, 0);
  EXPECT_GT(new_ones, 0);
}

TEST_F(MetadataTest, AnEpochOutOfRangeIsAnError) {
  for (const uint64_t epoch : {kEpochMax + 1, ~uint64_t{0}}) {
    Metadata metadata;
    metadata.epoch = Epoch(epoch);
    ASSERT_TRUE(SaveMetadata(disk_, "node", metadata).ok());
    EXPECT_TRUE(absl::IsFailedPrecondition(LoadMetadata(disk_, "node").status())) << epoch;
    metadata.epoch = Epoch(1);
    metadata.history.Begin(Epoch(epoch), Lsn(1));
    ASSERT_TRUE(SaveMetadata(disk_, "node", metadata).ok());
    EXPECT_TRUE(absl::IsFailedPrecondition(LoadMetadata(disk_, "node").status())) << epoch;
  }
  ASSERT_TRUE(SaveMetadata(disk_, "node", {Epoch(kEpochMax), EpochHistory()}).ok());
  EXPECT_EQ(LoadMetadata(disk_, "node")->epoch, Epoch(kEpochMax));
}

TEST_F(MetadataTest, AFailedFlushIsAnError) {
  FaultyFileSystem faulty(disk_);
  faulty.Inject({DiskOperation::kSync, 1, absl::DataLossError("I/O error")});
  EXPECT_FALSE(SaveMetadata(faulty, "node", Sample(2)).ok());
}

}  // namespace
}  // namespace replsim::metadata_test
