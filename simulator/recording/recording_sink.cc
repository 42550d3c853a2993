#include "simulator/recording/recording_sink.h"

#include <algorithm>
#include <utility>

#include "common/base/status.h"
#include "simulator/recording/events.h"
#include "simulator/recording/run_folder.h"

namespace replsim {
namespace {

class FolderSink final : public RecordingSink {
 public:
  FolderSink(std::string folder, HistoryWriter history, EventWriter events)
      : folder_(std::move(folder)),
        history_(std::move(history)),
        lists_(ValuesPath(folder_)),
        events_(std::move(events)) {}

  absl::Status Add(const Operation& operation) override { return history_.Add(operation); }
  absl::Status Add(const proto::RunEvent& event) override { return events_.Write(event); }
  absl::Status AddList(const ListedValue& list) override { return lists_.Add(list); }
  absl::Status Flush() override { return history_.Flush(); }
  absl::Status AddFinalState(const std::string& node, std::vector<FinalEntry> keys) override {
    return WriteFinalState(FinalStatePath(folder_, node), std::move(keys));
  }
  absl::Status Begin(const proto::Manifest& manifest) override {
    return SaveManifest(folder_, manifest);
  }
  absl::Status End(const proto::Manifest& manifest) override {
    REPL_RETURN_IF_ERROR(history_.Close());
    return SaveManifest(folder_, manifest);
  }

 private:
  const std::string folder_;
  HistoryWriter history_;
  ValueListWriter lists_;
  EventWriter events_;
};

class MemorySink final : public RecordingSink {
 public:
  explicit MemorySink(Recording* recording) : recording_(*recording) {}

  absl::Status Add(const Operation& operation) override {
    recording_.operations.push_back(operation);
    return absl::OkStatus();
  }
  absl::Status Add(const proto::RunEvent& event) override {
    recording_.events.push_back(event);
    return absl::OkStatus();
  }
  absl::Status AddList(const ListedValue& list) override {
    recording_.lists.push_back(list);
    return absl::OkStatus();
  }
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::Status AddFinalState(const std::string& node, std::vector<FinalEntry> keys) override {
    std::sort(keys.begin(), keys.end(),
              [](const FinalEntry& a, const FinalEntry& b) { return a.key < b.key; });
    recording_.nodes[recording_.NodeIndex(node).value()].final_state = std::move(keys);
    return absl::OkStatus();
  }
  absl::Status Begin(const proto::Manifest& manifest) override {
    for (const std::string& id : manifest.nodes()) recording_.nodes.emplace_back().id = id;
    for (const std::string& id : manifest.witnesses()) recording_.witnesses.emplace_back().id = id;
    return absl::OkStatus();
  }
  absl::Status End(const proto::Manifest& manifest) override {
    recording_.manifest = manifest;
    recording_.notes.assign(manifest.notes().begin(), manifest.notes().end());
    return absl::OkStatus();
  }

 private:
  Recording& recording_;
};

}  // namespace

std::unique_ptr<RecordingSink> RecordIntoMemory(Recording* recording) {
  return std::make_unique<MemorySink>(recording);
}

absl::StatusOr<std::unique_ptr<RecordingSink>> RecordIntoFolder(const std::string& folder) {
  REPL_ASSIGN_OR_RETURN(HistoryWriter history, HistoryWriter::Create(HistoryPath(folder)));
  REPL_ASSIGN_OR_RETURN(EventWriter events, EventWriter::Create(EventsPath(folder)));
  return std::make_unique<FolderSink>(folder, std::move(history), std::move(events));
}

}  // namespace replsim
