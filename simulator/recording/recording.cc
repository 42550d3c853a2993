#include "simulator/recording/recording.h"

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/recording/events.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/recording/trace_file.h"

namespace replsim {
namespace {

// The value, or nothing and a note.
template <typename T>
std::optional<T> OrNote(absl::StatusOr<T> part, std::vector<std::string>& notes) {
  if (part.ok()) return *std::move(part);
  notes.emplace_back(part.status().message());
  return std::nullopt;
}

absl::Status ReadNodes(Recording& recording) {
  for (const std::string& id : recording.manifest.nodes()) {
    NodeRecording node;
    node.id = id;
    node.trace = OrNote(ReadTrace(TracePath(recording.folder, id)), recording.notes);
    std::string cut;
    absl::StatusOr<std::vector<LogEntry>> log =
        ReadLogEntries(PosixFileSystem(), LogFolder(recording.folder, id), &cut);
    if (!log.ok() && id == recording.manifest.final_primary()) {
      return Annotate(log.status(), absl::StrCat("the log of ", id, ", which led in the end"));
    }
    node.log = OrNote(std::move(log), recording.notes);
    if (!cut.empty()) recording.notes.push_back(absl::StrCat(id, ": ", cut));
    node.final_state =
        OrNote(ReadFinalState(FinalStatePath(recording.folder, id)), recording.notes);
    recording.nodes.push_back(std::move(node));
  }
  return absl::OkStatus();
}

}  // namespace

std::optional<size_t> Recording::NodeIndex(absl::string_view id) const {
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].id == id) return i;
  }
  return std::nullopt;
}

std::string Recording::NodeName(size_t index) const {
  return index < nodes.size() ? nodes[index].id : absl::StrCat("node ", index);
}

const std::vector<LogEntry>* Recording::FinalLog() const {
  const std::optional<size_t> index = NodeIndex(manifest.final_primary());
  return index && nodes[*index].log ? &*nodes[*index].log : nullptr;
}

absl::StatusOr<Recording> ReadRecording(const std::string& folder) {
  Recording recording;
  recording.folder = folder;
  REPL_ASSIGN_OR_RETURN(recording.manifest, ReadManifest(folder));
  REPL_ASSIGN_OR_RETURN(History history, ReadHistory(HistoryPath(folder)));
  recording.operations = std::move(history.operations);
  REPL_ASSIGN_OR_RETURN(RunEvents events, ReadEvents(EventsPath(folder)));
  recording.events = std::move(events.events);
  for (const std::string& cut : {history.cut_short, events.cut_short}) {
    if (!cut.empty()) recording.notes.push_back(cut);
  }
  for (const std::string& note : recording.manifest.notes()) recording.notes.push_back(note);
  if (!recording.manifest.complete()) {
    recording.notes.push_back(absl::StrCat(folder, ": the run did not go through to its end"));
  }
  if (recording.manifest.final_primary().empty()) {
    recording.notes.push_back(absl::StrCat(
        ManifestPath(folder), " names no final primary: the fates of writes are unknown"));
  }
  recording.scenario_yaml =
      OrNote(ReadFileBytes(ScenarioPath(folder)), recording.notes).value_or("");
  REPL_RETURN_IF_ERROR(ReadNodes(recording));
  return recording;
}

}  // namespace replsim
