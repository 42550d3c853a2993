#include "simulator/recording/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "simulator/recording/file_bytes.h"
#include "simulator/recording/final_state.h"
#include "simulator/recording/plausible_time.h"
#include "tests/support/scratch_folder.h"

namespace replsim::history_test {
namespace {

using ::testing::HasSubstr;

std::string PathOf(const std::string& name) {
  static const ScratchFolder folder;
  return folder.path() + "/" + name;
}

Operation SomeWrite(uint64_t sequence) {
  Operation operation;
  operation.is_write = 1;
  operation.client = 3;
  operation.sequence = sequence;
  operation.lsn = sequence * 2;
  return operation;
}

void WriteThree(const std::string& path) {
  absl::StatusOr<HistoryWriter> writer = HistoryWriter::Create(path);
  ASSERT_TRUE(writer.ok()) << writer.status();
  HistoryWriter moved = *std::move(writer);
  for (uint64_t i = 1; i <= 3; ++i) EXPECT_TRUE(moved.Add(SomeWrite(i)).ok());
  ASSERT_TRUE(moved.Close().ok());
}

TEST(History, IsReadBackAsItWasWritten) {
  const std::string path = PathOf("whole");
  WriteThree(path);
  const absl::StatusOr<History> history = ReadHistory(path);
  ASSERT_TRUE(history.ok()) << history.status();
  ASSERT_EQ(history->operations.size(), 3u);
  EXPECT_EQ(history->operations[2].lsn, 6u);
  EXPECT_EQ(history->cut_short, "");
}

TEST(History, OneThatIsCutShortGivesWhatIsWholeAndSaysSo) {
  const std::string path = PathOf("cut");
  WriteThree(path);
  std::filesystem::resize_file(path, 8 + 2 * sizeof(Operation) + 17);
  const absl::StatusOr<History> history = ReadHistory(path);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(history->operations.size(), 2u);
  EXPECT_THAT(history->cut_short, HasSubstr("its last 17 bytes are ignored"));
}

TEST(History, OneWithAnImpossibleTimeGivesWhatIsBeforeItAndSaysSo) {
  const std::string path = PathOf("damaged");
  absl::StatusOr<HistoryWriter> writer = HistoryWriter::Create(path);
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE(writer->Add(SomeWrite(1)).ok());
  Operation damaged = SomeWrite(2);
  damaged.completed_ns = kTimeMaxNs + 1;
  for (const Operation& operation : {damaged, SomeWrite(3)}) {
    ASSERT_TRUE(writer->Add(operation).ok());
  }
  ASSERT_TRUE(writer->Close().ok());
  const absl::StatusOr<History> history = ReadHistory(path);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(history->operations.size(), 1u);
  EXPECT_THAT(history->cut_short,
              HasSubstr("record 2 has an impossible time; the last 2 records are ignored"));
}

TEST(History, KeepsTheValueThatAReadSaw) {
  const std::string path = PathOf("values");
  absl::StatusOr<HistoryWriter> writer = HistoryWriter::Create(path);
  ASSERT_TRUE(writer.ok());
  Operation read;
  read.has_value = 1;
  read.has_position = 0;
  read.value_client = 3;
  read.value_sequence = 17;
  Operation missing;
  missing.has_value = 1;
  for (const Operation& operation : {read, missing, Operation()}) {
    ASSERT_TRUE(writer->Add(operation).ok());
  }
  ASSERT_TRUE(writer->Close().ok());
  const absl::StatusOr<History> history = ReadHistory(path);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(ToString(history->operations[0].value().value()), "c3-17");
  EXPECT_EQ(history->operations[0].has_position, 0);
  EXPECT_TRUE(history->operations[1].value().value().empty());
  EXPECT_FALSE(history->operations[2].value().has_value());
}

TEST(History, OneOfVersion2HasPositionsAndNoValues) {
  const std::string path = PathOf("older");
  Operation operation;
  operation.client = 3;
  operation.lsn = 6;
  operation.requests = 2;
  std::string bytes = "RSHIST2\n";
  for (int i = 0; i < 2; ++i) bytes.append(reinterpret_cast<const char*>(&operation), 88);
  ASSERT_TRUE(WriteFileBytes(path, bytes + "rest").ok());
  const absl::StatusOr<History> history = ReadHistory(path);
  ASSERT_TRUE(history.ok()) << history.status();
  ASSERT_EQ(history->operations.size(), 2u);
  EXPECT_EQ(history->operations[1].lsn, 6u);
  EXPECT_EQ(history->operations[1].requests, 2u);
  EXPECT_EQ(history->operations[1].has_position, 1);
  EXPECT_FALSE(history->operations[1].value().has_value());
  EXPECT_THAT(history->cut_short, HasSubstr("its last 4 bytes are ignored"));
}

TEST(WrittenValue, IsReadAsItWasWritten) {
  std::string text;
  WriteValue({3, 17}, 12, &text);
  EXPECT_EQ(text, "c3-17.......");
  EXPECT_EQ(ParseValue(text), (WrittenValue{3, 17}));
  WriteValue({4, 10}, 0, &text);
  EXPECT_EQ(ParseValue(text), (WrittenValue{4, 10}));
  for (const char* other : {"", "...", "c3", "c3-", "c-17", "c0-1", "d3-17", "c3-17x", "c+3-17"}) {
    EXPECT_EQ(ParseValue(other), std::nullopt) << other;
  }
}

TEST(FinalState, OneOfVersion1HasPositionsAndNoValues) {
  const std::string path = PathOf("final");
  const uint64_t count = 1;
  const FinalEntry entry{7, 0, 1, 9, 0};
  std::string bytes = "RSFINAL1";
  bytes.append(reinterpret_cast<const char*>(&count), 8);
  bytes.append(reinterpret_cast<const char*>(&entry), 24);
  ASSERT_TRUE(WriteFileBytes(path, bytes).ok());
  const absl::StatusOr<std::vector<FinalEntry>> entries = ReadFinalState(path);
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_EQ(entries->at(0), entry);
  EXPECT_EQ(entries->at(0), FinalEntryOf(7, {Epoch(1), Lsn(9)}, "c3-17.."));
  EXPECT_FALSE(FinalEntryOf(7, {Epoch(1), Lsn(9)}, "c3-18") ==
               FinalEntryOf(7, {Epoch(1), Lsn(9)}, "c3-17"));
}

TEST(History, AnotherFileIsRefusedByName) {
  const std::string path = PathOf("other");
  ASSERT_TRUE(WriteFileBytes(path, "not a history at all").ok());
  const absl::StatusOr<History> history = ReadHistory(path);
  EXPECT_EQ(history.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(history.status().message()), HasSubstr(path));
}

TEST(History, AMissingFileIsNotFound) {
  EXPECT_EQ(ReadHistory(PathOf("nowhere")).status().code(), absl::StatusCode::kNotFound);
}

TEST(History, CannotBeCreatedWhereThereIsNoFolder) {
  EXPECT_FALSE(HistoryWriter::Create(PathOf("no/such/folder")).ok());
}

TEST(KeyName, HasAtLeastFourDigits) {
  EXPECT_EQ(KeyName(0), "k0000");
  EXPECT_EQ(KeyName(713), "k0713");
  EXPECT_EQ(KeyName(12345), "k12345");
}

TEST(History, AFolderOrADeviceIsNoHistory) {
  EXPECT_THAT(std::string(ReadHistory("/").status().message()), HasSubstr("is a folder"));
  EXPECT_THAT(std::string(ReadHistory("/dev/zero").status().message()), HasSubstr("is a device"));
}

TEST(History, AHugeFileIsRefusedBeforeItIsRead) {
  const std::string path = PathOf("huge");
  WriteThree(path);
  std::filesystem::resize_file(path, uint64_t{1} << 40);  // a hole: it takes no room
  EXPECT_THAT(std::string(ReadHistory(path).status().message()), HasSubstr("is larger than"));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace replsim::history_test
