// A recording one of whose files has been replaced by any bytes, as `report` reads it: it is
// refused with a message, or gives a report. The first byte says which file.
#include "absl/strings/str_cat.h"
#include "common/storage/log/log.h"
#include "common/storage/store/command.h"
#include "simulator/analysis/run_report.h"
#include "simulator/recording/events.h"
#include "simulator/recording/recording.h"
#include "simulator/recording/request_name.h"
#include "simulator/recording/run_folder.h"
#include "simulator/recording/trace_file.h"
#include "simulator/report/report_file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/records.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/fake_recording.h"

namespace replsim {
namespace {

constexpr uint64_t kWrites = 3;
const char* const kFiles[] = {"manifest.json", "history",        "events.jsonl",
                              "nodes/p/trace", "nodes/r1/trace", "final/p.bin"};

Recording Example() {
  FakeRecording run({"p", "r1"});
  run.Started("p", 999).Leads("p", 1000, 1, 0).Started("r1", 999);
  for (uint64_t lsn = 1; lsn <= kWrites; ++lsn) {
    const auto at = 1100 + 10 * static_cast<double>(lsn);
    run.Reaches("p", at, 1, lsn).Reaches("r1", at + 1, 1, lsn);
    run.Trace("p", at, TraceKind::kSend, 1, lsn, "r1");
    run.Trace("p", at + 2, TraceKind::kPeerFlush, 1, lsn, "r1");
    run.Trace("p", at + 2, TraceKind::kCommit, 1, lsn);
    run.Write(0, 7, at, at + 3, proto::COMMITTED, 1, lsn, "p");
    run.Read(1, 7, at + 4, at + 5, "r1", 1, lsn);
  }
  run.Event(1000, proto::RunEvent::LOAD_BEGIN).Event(1500, proto::RunEvent::KILLED, "r1");
  run.Event(1600, proto::RunEvent::STARTED, "r1").Event(2000, proto::RunEvent::LOAD_END);
  return run.Done();
}

absl::Status WriteLog(const std::string& folder) {
  Recovery recovery;
  auto log = Log::Open(PosixFileSystem(), folder, LogOptions(), &recovery);
  if (!log.ok()) return log.status();
  RecordBatch batch{Lsn(1), Lsn(kWrites), ""};
  for (uint64_t lsn = 1; lsn <= kWrites; ++lsn) {
    const RequestName name{0, 0, lsn, 0};
    std::string payload;
    EncodeCommand(
        {name.client_on_wire(), name.sequence_on_wire(), CommandKind::kPut, "k0007", "value"},
        &payload);
    AppendRecord({Epoch(1), Lsn(lsn)}, FromNanos(0), payload, &batch.bytes);
  }
  return (*log)->Append(batch);
}

// The example recording as files.
absl::Status WriteFiles(const std::string& folder) {
  const Recording example = Example();
  absl::Status status = SaveManifest(folder, example.manifest);
  absl::StatusOr<HistoryWriter> history = HistoryWriter::Create(HistoryPath(folder));
  for (const Operation& operation : example.operations) {
    status.Update(history->Add(operation));
  }
  status.Update(history->Close());
  absl::StatusOr<EventWriter> events = EventWriter::Create(EventsPath(folder));
  for (const proto::RunEvent& event : example.events) status.Update(events->Write(event));
  for (const NodeRecording& node : example.nodes) {
    std::filesystem::create_directories(NodeFolder(folder, node.id));
    status.Update(WriteTrace(TracePath(folder, node.id), *node.trace));
    status.Update(WriteLog(LogFolder(folder, node.id)));
    status.Update(WriteFinalState(FinalStatePath(folder, node.id), {{7, 0, 1, kWrites}}));
  }
  return status;
}

struct ExampleFolder {
  ExampleFolder() {
    const absl::Status written = WriteFiles(folder.path());
    REPL_CHECK(written.ok(), written.ToString());
    for (const char* file : kFiles) {
      contents.push_back(*ReadFileBytes(absl::StrCat(folder.path(), "/", file)));
    }
  }
  const ScratchFolder folder;
  std::vector<std::string> contents;  // of kFiles, as written
};

}  // namespace

void FuzzOne(absl::string_view input) {
  static const ExampleFolder example;
  if (input.empty()) return;
  const size_t which = static_cast<uint8_t>(input[0]) % std::size(kFiles);
  example.folder.Write(kFiles[which], input.substr(1));
  const absl::StatusOr<Recording> recording = ReadRecording(example.folder.path());
  if (recording.ok()) {
    REPL_CHECK(!ReportJson(BuildReport({*recording}, "", {})).empty());
  } else {
    CheckRefusal(recording.status(), example.folder.path());
  }
  example.folder.Write(kFiles[which], example.contents[which]);
}

std::vector<std::string> FuzzSeeds() {
  const ExampleFolder example;
  std::vector<std::string> seeds;
  for (size_t i = 0; i < std::size(kFiles); ++i) {
    seeds.push_back(static_cast<char>(i) + example.contents[i]);
  }
  return seeds;
}

}  // namespace replsim
