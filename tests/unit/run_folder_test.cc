#include "simulator/recording/run_folder.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "common/storage/log/log.h"
#include "common/storage/store/command.h"
#include "protos/types.pb.h"
#include "simulator/recording/events.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/recording.h"
#include "simulator/recording/request_name.h"
#include "simulator/recording/trace_file.h"

namespace replsim::run_folder_test {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RunFolderTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::remove_all(out_); }
  void TearDown() override { fs::remove_all(out_); }

  std::string NewRun() {
    absl::StatusOr<std::string> run = CreateRunFolder(out_, "kill-primary", "2026-01-02T03-04-05");
    EXPECT_TRUE(run.ok()) << run.status();
    return *run;
  }
  std::string NewVariant(const std::string& run, const std::string& variant, bool only,
                         int64_t begin) {
    const absl::StatusOr<std::string> folder = CreateVariantFolder(run, variant, only);
    EXPECT_TRUE(folder.ok()) << folder.status();
    proto::Manifest manifest;
    manifest.set_variant(variant);
    manifest.set_load_begin_ns(begin);
    manifest.add_nodes("p");
    manifest.set_final_primary("p");
    manifest.set_complete(true);
    EXPECT_TRUE(SaveManifest(*folder, manifest).ok());
    return *folder;
  }

  const std::string out_ = ::testing::TempDir() + "/run_folder_test_" + std::to_string(getpid());
};

// A log of two writes, as a node leaves it.
void WriteLog(const std::string& folder) {
  Recovery recovery;
  auto log = Log::Open(PosixFileSystem(), folder, LogOptions(), &recovery);
  ASSERT_TRUE(log.ok()) << log.status();
  RecordBatch batch{Lsn(1), Lsn(2), ""};
  for (uint64_t lsn = 1; lsn <= 2; ++lsn) {
    std::string payload;
    const RequestName name{3, 5, lsn, 1};
    EncodeCommand(
        {name.client_on_wire(), name.sequence_on_wire(), CommandKind::kPut, "k0713", "value"},
        &payload);
    AppendRecord({Epoch(1), Lsn(lsn)}, FromNanos(static_cast<int64_t>(lsn)), payload, &batch.bytes);
  }
  ASSERT_TRUE((*log)->Append(batch).ok());
  ASSERT_TRUE((*log)->Flush().ok());
}

// A verdict needs the records that a node has dropped; without them it has no log.
TEST_F(RunFolderTest, ReadsWhatANodeDroppedFromItsLogFromTheArchive) {
  const std::string folder = NewVariant(NewRun(), "", true, 5);
  LogOptions options{.segment_bytes = 100};
  options.archive_folder = LogArchiveFolder(folder, "p");
  Recovery recovery;
  auto log = Log::Open(PosixFileSystem(), LogFolder(folder, "p"), options, &recovery);
  ASSERT_TRUE(log.ok()) << log.status();
  for (Lsn lsn(1); lsn <= Lsn(6); ++lsn) {
    RecordBatch batch{lsn, lsn, ""};
    AppendRecord({Epoch(1), lsn}, Instant(), "not a command", &batch.bytes);
    ASSERT_TRUE((*log)->Append(batch).ok());
  }
  ASSERT_EQ(*(*log)->TruncateFront(Lsn(4)), Lsn(4));
  absl::StatusOr<Recording> recording = ReadRecording(folder);
  ASSERT_TRUE(recording.ok()) << recording.status();
  ASSERT_TRUE(recording->nodes.at(0).log.has_value());
  ASSERT_EQ(recording->nodes[0].log->size(), 6u);
  EXPECT_EQ(recording->nodes[0].log->front().lsn, 1u);

  fs::remove_all(LogArchiveFolder(folder, "p"));
  recording = ReadRecording(folder);
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_FALSE(recording->nodes.at(0).log.has_value());
  EXPECT_THAT(recording->notes,
              Contains(HasSubstr("begins with LSN 4, and the records before it")));
}

void WriteWholeRecording(const std::string& folder) {
  ASSERT_TRUE(fs::create_directories(NodeFolder(folder, "p")));
  WriteLog(LogFolder(folder, "p"));
  absl::StatusOr<HistoryWriter> history = HistoryWriter::Create(HistoryPath(folder));
  ASSERT_TRUE(history.ok());
  EXPECT_TRUE(history->Add(Operation()).ok());
  ASSERT_TRUE(history->Close().ok());
  absl::StatusOr<EventWriter> events = EventWriter::Create(EventsPath(folder));
  ASSERT_TRUE(events.ok());
  proto::RunEvent event;
  event.set_time_ns(5);
  event.set_kind(proto::RunEvent::KILLED);
  event.set_node("p");
  ASSERT_TRUE(events->Write(event).ok());
  const std::vector<TraceRecord> trace{{1, 0, 0, 1, 2, 200, 9}, {3, 0, 0, 1, 2, 200, 10}, {}, {}};
  ASSERT_TRUE(WriteFileBytes(TracePath(folder, "p"), {reinterpret_cast<const char*>(trace.data()),
                                                      trace.size() * sizeof(TraceRecord)})
                  .ok());
  ASSERT_TRUE(WriteFinalState(FinalStatePath(folder, "p"), {{9, 0, 1, 2}, {7, 0, 1, 1}}).ok());
  ASSERT_TRUE(WriteFileBytes(ScenarioPath(folder), "name: kill-primary\n").ok());
}

TEST_F(RunFolderTest, LatestPointsAtTheNewestRun) {
  const std::string first = NewRun();
  const std::string second = NewRun();
  EXPECT_EQ(second, first + "-2") << "two runs of one second do not share a folder";
  EXPECT_EQ(fs::canonical(out_ + "/kill-primary/latest"), fs::canonical(second));
}

TEST_F(RunFolderTest, OnlyItsOwnerMayEnterIt) {
  EXPECT_EQ(fs::status(NewRun()).permissions(), fs::perms::owner_all);
}

TEST_F(RunFolderTest, VariantsHaveFoldersOfTheirOwnUnlessThereIsOne) {
  const std::string run = NewRun();
  const std::string sync = NewVariant(run, "postgres:on, 20ms", false, 20);
  const std::string async = NewVariant(run, "async", false, 10);
  EXPECT_EQ(sync, run + "/postgres-on,-20ms");
  EXPECT_THAT(*ListRecordings(run), ElementsAre(async, sync)) << "in the order in which they ran";
  const std::string other = NewRun();
  EXPECT_EQ(NewVariant(other, "async", true, 0), other);
  EXPECT_THAT(*ListRecordings(other), ElementsAre(other));
}

TEST_F(RunFolderTest, RepeatsAreListedRoundByRoundAndByNumber) {
  const std::string run = NewRun();
  std::vector<std::string> wanted;
  for (const uint32_t repeat : {1, 2, 10}) {
    for (const char* variant : {"sync", "async"}) {
      const absl::StatusOr<std::string> folder = CreateRepeatFolder(run, variant, false, repeat);
      ASSERT_TRUE(folder.ok()) << folder.status();
      proto::Manifest manifest;
      manifest.set_variant(variant);
      manifest.set_repeat(repeat);
      manifest.add_nodes("p");
      manifest.set_load_begin_ns(static_cast<int64_t>(wanted.size() % 2));
      ASSERT_TRUE(SaveManifest(*folder, manifest).ok());
      wanted.push_back(*folder);
    }
  }
  EXPECT_EQ(wanted[0], run + "/sync-repeat-1");
  EXPECT_EQ(*ListRecordings(run), wanted);
  EXPECT_EQ(*CreateRepeatFolder(NewRun(), "async", true, 3), run + "-2/repeat-3");
}

TEST_F(RunFolderTest, NamesThatWouldCollideOrHideDoNot) {
  const std::string run = NewRun();
  EXPECT_NE(NewVariant(run, "a/b", false, 0), NewVariant(run, "a:b", false, 0));
  EXPECT_EQ(FileSafeName(".."), "-.");
  EXPECT_EQ(FileSafeName(""), "default");
}

TEST_F(RunFolderTest, AFolderWithoutARecordingIsNotFound) {
  EXPECT_EQ(ListRecordings(out_ + "/nothing").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(RunFolderTest, ARecordingIsReadBackWhole) {
  const std::string folder = NewVariant(NewRun(), "async", true, 0);
  WriteWholeRecording(folder);
  const absl::StatusOr<Recording> recording = ReadRecording(folder);
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_THAT(recording->notes, IsEmpty());
  EXPECT_EQ(recording->operations.size(), 1u);
  EXPECT_EQ(recording->events[0].kind(), proto::RunEvent::KILLED);
  const NodeRecording& p = recording->nodes[0];
  EXPECT_EQ(p.trace->size(), 2u) << "zeros end a trace";
  EXPECT_THAT(*p.final_state, ElementsAre(FinalEntry{7, 0, 1, 1}, FinalEntry{9, 0, 1, 2}));
  const std::vector<LogEntry>* log = recording->FinalLog();
  ASSERT_EQ(log->size(), 2u);
  EXPECT_EQ((*log)[1].key, 713u);
  EXPECT_EQ((*log)[1].client, 3u);
  EXPECT_EQ((*log)[1].sequence, 2u);
  EXPECT_EQ((*log)[1].lane, 5u);
  EXPECT_EQ((*log)[1].attempt, 1u);
  EXPECT_EQ((*log)[1].user_bytes, 10u);
}

TEST_F(RunFolderTest, TheKeysOfATransactionAreReadFromItsRecord) {
  const std::string folder = NewVariant(NewRun(), "", true, 5);
  const std::vector<std::vector<KeyValue>> transactions = {
      {{"k0007", "one"}, {"k0008", "two"}, {"k0009", "three"}},
      {{"k0007", "not consecutive"}, {"k0009", ""}},
      {{"other", "not of the load"}, {"k0000", ""}},
  };
  RecordBatch batch{Lsn(1), Lsn(3), ""};
  for (uint64_t lsn = 1; lsn <= 3; ++lsn) {
    std::string payload;
    const std::string puts = EncodePuts(transactions[lsn - 1]);
    EncodeCommand({1, lsn << 8, CommandKind::kTransaction, "", puts}, &payload);
    AppendRecord({Epoch(1), Lsn(lsn)}, Instant(), payload, &batch.bytes);
  }
  Recovery recovery;
  auto log = Log::Open(PosixFileSystem(), LogFolder(folder, "p"), LogOptions(), &recovery);
  ASSERT_TRUE(log.ok() && (*log)->Append(batch).ok());
  const absl::StatusOr<Recording> recording = ReadRecording(folder);
  ASSERT_TRUE(recording.ok() && recording->nodes.at(0).log.has_value());
  const std::vector<LogEntry>& entries = *recording->nodes[0].log;
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].key, 7u);
  EXPECT_EQ(entries[0].key_count, 3);
  EXPECT_EQ(entries[0].user_bytes, 26u);
  EXPECT_EQ(entries[0].sequence, 1u);
  EXPECT_EQ(entries[1].key, kNoKey);
  EXPECT_EQ(entries[2].key, kNoKey);
}

TEST_F(RunFolderTest, WhatMayBeMissingIsAbsentWithANote) {
  const std::string folder = NewVariant(NewRun(), "async", true, 0);
  WriteWholeRecording(folder);
  fs::remove(TracePath(folder, "p"));
  fs::resize_file(FinalStatePath(folder, "p"), 20);
  const absl::StatusOr<Recording> recording = ReadRecording(folder);
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_FALSE(recording->nodes[0].trace.has_value());
  EXPECT_FALSE(recording->nodes[0].final_state.has_value());
  EXPECT_THAT(recording->notes, Contains(HasSubstr(TracePath(folder, "p"))));
  EXPECT_THAT(recording->notes, Contains(HasSubstr("is incomplete")));
}

TEST_F(RunFolderTest, WithoutTheFinalPrimarysLogTheFinalLogIsUnknown) {
  const std::string folder = NewVariant(NewRun(), "async", true, 0);
  WriteWholeRecording(folder);
  fs::remove_all(LogFolder(folder, "p"));
  const absl::StatusOr<Recording> recording = ReadRecording(folder);
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_EQ(recording->FinalLog(), nullptr);
  EXPECT_THAT(recording->notes, Contains(HasSubstr("the log of p, the final primary")));
}

TEST_F(RunFolderTest, AHistoryThatLacksOperationsIsDamagedIfTheRunReachedItsEnd) {
  const std::string folder = NewVariant(NewRun(), "async", true, 0);
  WriteWholeRecording(folder);
  absl::StatusOr<proto::Manifest> manifest = ReadManifest(folder);
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  for (const uint64_t operations : {1, 2}) {
    manifest->set_complete(true);
    manifest->set_operations(operations);
    ASSERT_TRUE(SaveManifest(folder, *manifest).ok());
    EXPECT_EQ(ReadRecording(folder)->history_is_damaged, operations == 2);
  }
  EXPECT_THAT(ReadRecording(folder)->notes, Contains(HasSubstr("has 1 of 2 operations")));
  manifest->set_complete(false);
  ASSERT_TRUE(SaveManifest(folder, *manifest).ok());
  EXPECT_FALSE(ReadRecording(folder)->history_is_damaged);
}

TEST_F(RunFolderTest, OfARunThatBrokeOffAtItsBeginningOnlyTheManifestIsNeeded) {
  const std::string folder = NewVariant(NewRun(), "async", true, 0);
  proto::Manifest manifest;
  manifest.add_nodes("p");
  manifest.set_begin_ns(5);
  ASSERT_TRUE(SaveManifest(folder, manifest).ok());
  const absl::StatusOr<Recording> recording = ReadRecording(folder);
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_THAT(recording->notes, Contains(HasSubstr(HistoryPath(folder))));
  EXPECT_THAT(recording->notes, Contains(HasSubstr(EventsPath(folder))));
  EXPECT_EQ(recording->manifest.load_begin_ns(), 5);
  EXPECT_EQ(recording->manifest.end_ns(), 5);
}

TEST_F(RunFolderTest, TimesThatTheManifestDoesNotKnowAreThoseOfWhatWasRecorded) {
  const std::string folder = NewVariant(NewRun(), "async", true, 0);
  proto::Manifest manifest;
  manifest.add_nodes("p");
  ASSERT_TRUE(SaveManifest(folder, manifest).ok());
  ASSERT_TRUE(WriteFileBytes(EventsPath(folder),
                             "{\"time_ns\":\"30\",\"kind\":\"LOAD_BEGIN\"}\n"
                             "{\"time_ns\":\"70\",\"kind\":\"KILLED\",\"node\":\"p\"}\n")
                  .ok());
  const absl::StatusOr<Recording> recording = ReadRecording(folder);
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_EQ(recording->manifest.load_begin_ns(), 30);
  EXPECT_EQ(recording->manifest.load_end_ns(), 70);
  EXPECT_EQ(recording->manifest.end_ns(), 70);
}

TEST_F(RunFolderTest, ABrokenManifestIsNamed) {
  const std::string folder = NewVariant(NewRun(), "async", true, 0);
  ASSERT_TRUE(WriteFileBytes(ManifestPath(folder), "{\"nodes\": 3").ok());
  const absl::Status status = ReadRecording(folder).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr(ManifestPath(folder)));
}

TEST_F(RunFolderTest, EventsThatBreakOffInALineAreKept) {
  const std::string path = NewRun() + "/events.jsonl";
  ASSERT_TRUE(WriteFileBytes(path, "{\"time_ns\":\"3\",\"kind\":\"PAUSED\"}\n{\"time_ns\":").ok());
  const absl::StatusOr<RunEvents> events = ReadEvents(path);
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(events->events.size(), 1u);
  EXPECT_THAT(events->cut_short, HasSubstr("its last line is ignored"));
  ASSERT_TRUE(WriteFileBytes(path, "rubbish\n{\"kind\":\"PAUSED\"}\n").ok());
  EXPECT_THAT(std::string(ReadEvents(path).status().message()), HasSubstr(path + ":1:"));
}

TEST_F(RunFolderTest, AKeyIsReadOncePerNode) {
  EXPECT_FALSE(WriteFinalState(NewRun() + "/p.bin", {{7, 0, 1, 1}, {7, 0, 1, 2}}).ok());
}

}  // namespace
}  // namespace replsim::run_folder_test
