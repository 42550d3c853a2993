#include "simulator/recording/recording.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/recording/entries_file.h"
#include "simulator/recording/events.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/recording/trace_file.h"

namespace replsim {
namespace {

// Returns the value, or adds the error to `notes`.
template <typename T>
std::optional<T> OrNote(absl::StatusOr<T> part, std::vector<std::string>& notes) {
  if (part.ok()) return *std::move(part);
  notes.emplace_back(part.status().message());
  return std::nullopt;
}

}  // namespace

uint64_t RollbackBytes(FileSystem& fs, const std::string& node_folder) {
  const auto file = fs.Open(node_folder + "/rollback", /*create=*/false);
  return file.ok() ? (*file)->Size().value_or(0) : 0;
}

namespace {

// Whether the cluster records any stage of this node.
bool HasTrace(const proto::Manifest& manifest, const std::string& id) {
  for (const proto::Manifest::Evidence::Node& node : manifest.evidence().nodes()) {
    if (node.node() != id) continue;
    for (const proto::Source source : {node.receive(), node.write(), node.flush(), node.apply()}) {
      if (source != proto::ABSENT) return true;
    }
    return false;
  }
  return true;
}

// The node of another system has its log in a file of entries.
absl::StatusOr<std::vector<LogEntry>> LogOf(const std::string& folder, const std::string& id,
                                            std::string* cut) {
  absl::StatusOr<std::vector<LogEntry>> entries = ReadEntries(EntriesPath(folder, id));
  if (entries.ok() || !absl::IsNotFound(entries.status())) return entries;
  return ReadLogEntries(PosixFileSystem(), LogFolder(folder, id), cut,
                        LogArchiveFolder(folder, id));
}

void ReadLogOf(const std::string& id, Recording& recording, NodeRecording& node) {
  std::string cut;
  absl::StatusOr<std::vector<LogEntry>> log = LogOf(recording.folder, id, &cut);
  if (!log.ok() && id == recording.manifest.final_primary()) {
    log = Annotate(log.status(), absl::StrCat("the log of ", id, ", the final primary"));
  }
  node.log = OrNote(std::move(log), recording.notes);
  if (!cut.empty()) recording.notes.push_back(absl::StrCat(id, ": ", cut));
  node.rollback_bytes = RollbackBytes(PosixFileSystem(), NodeFolder(recording.folder, id));
}

// Reads only the files that the cluster writes; others are not missing.
void ReadNodes(Recording& recording) {
  const proto::Manifest& manifest = recording.manifest;
  for (const std::string& id : manifest.nodes()) {
    NodeRecording node;
    node.id = id;
    if (HasTrace(manifest, id)) {
      std::string cut;
      node.trace = OrNote(ReadTrace(TracePath(recording.folder, id), &cut), recording.notes);
      if (!cut.empty()) recording.notes.push_back(std::exchange(cut, ""));
    }
    if (manifest.evidence().logs() != proto::ABSENT) ReadLogOf(id, recording, node);
    node.final_state =
        OrNote(ReadFinalState(FinalStatePath(recording.folder, id)), recording.notes);
    recording.nodes.push_back(std::move(node));
  }
}

void ReadWitnesses(Recording& recording) {
  for (const std::string& id : recording.manifest.witnesses()) {
    NodeRecording& witness = recording.witnesses.emplace_back();
    witness.id = id;
    std::string cut;
    witness.trace = OrNote(ReadTrace(TracePath(recording.folder, id), &cut), recording.notes);
    if (!cut.empty()) recording.notes.push_back(std::move(cut));
  }
}

int64_t LastTime(const Recording& recording) {
  int64_t last = recording.manifest.load_begin_ns();
  for (const Operation& operation : recording.operations) {
    last = std::max(last, operation.completed_ns);
  }
  if (!recording.events.empty()) last = std::max(last, recording.events.back().time_ns());
  for (const NodeRecording& node : recording.nodes) {
    if (node.trace && !node.trace->empty()) last = std::max(last, node.trace->back().time_ns);
  }
  return last;
}

std::optional<int64_t> TimeOf(const Recording& recording, proto::RunEvent::Kind kind) {
  for (const proto::RunEvent& event : recording.events) {
    if (event.kind() == kind) return event.time_ns();
  }
  return std::nullopt;
}

// A manifest of a run that did not end lacks the times of the load and of the end.
void FillTimes(Recording& recording) {
  proto::Manifest& manifest = recording.manifest;
  if (manifest.load_begin_ns() == 0) {
    const auto begin = TimeOf(recording, proto::RunEvent::LOAD_BEGIN);
    manifest.set_load_begin_ns(begin.value_or(manifest.begin_ns()));
  }
  if (manifest.load_end_ns() == 0) {
    const auto end = TimeOf(recording, proto::RunEvent::LOAD_END);
    manifest.set_load_end_ns(end.value_or(LastTime(recording)));
  }
  if (manifest.end_ns() == 0) manifest.set_end_ns(LastTime(recording));
}

// A run that goes on, or was interrupted, has the operations that it has.
void NoteLostOperations(Recording& recording) {
  const proto::Manifest& manifest = recording.manifest;
  if (!manifest.complete() || !manifest.has_operations()) return;
  const uint64_t found = recording.operations.size();
  if (found == manifest.operations()) return;
  recording.history_is_damaged = true;
  recording.notes.push_back(absl::StrCat(HistoryPath(recording.folder), " has ", found, " of ",
                                         manifest.operations(), " operations"));
}

// In a run that was aborted, the list that a read saw may be missing.
void ForgetMissingLists(Recording& recording) {
  for (Operation& operation : recording.operations) {
    if (operation.list() > recording.lists.size()) operation.has_value = 0;
  }
}

}  // namespace

std::optional<size_t> Recording::NodeIndex(absl::string_view id) const {
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].id == id) return i;
  }
  return std::nullopt;
}

std::string Recording::NodeName(size_t index) const {
  return index < voter_count() ? voter(index).id : absl::StrCat("node ", index);
}

const std::vector<LogEntry>* Recording::FinalLog() const {
  const std::optional<size_t> index = NodeIndex(manifest.final_primary());
  return index && nodes[*index].log ? &*nodes[*index].log : nullptr;
}

absl::StatusOr<Recording> ReadRecording(const std::string& folder) {
  Recording recording;
  recording.folder = folder;
  REPL_ASSIGN_OR_RETURN(recording.manifest, ReadManifest(folder));
  absl::StatusOr<History> history = ReadHistory(HistoryPath(folder));
  absl::StatusOr<RunEvents> events = ReadEvents(EventsPath(folder));
  for (const absl::Status& status : {history.status(), events.status()}) {
    if (!status.ok() && !absl::IsNotFound(status)) return status;
    if (!status.ok()) recording.notes.emplace_back(status.message());
  }
  if (history.ok()) {
    recording.operations = std::move(history->operations);
    REPL_ASSIGN_OR_RETURN(recording.lists, ReadValueLists(ValuesPath(folder)));
    ForgetMissingLists(recording);
    recording.history_cut_short = !history->cut_short.empty();
  }
  NoteLostOperations(recording);
  if (events.ok()) recording.events = std::move(events->events);
  for (const std::string& cut : {history.ok() ? history->cut_short : std::string(),
                                 events.ok() ? events->cut_short : std::string()}) {
    if (!cut.empty()) recording.notes.push_back(cut);
  }
  for (const std::string& note : recording.manifest.notes()) recording.notes.push_back(note);
  if (!recording.manifest.complete()) {
    recording.notes.push_back(absl::StrCat(folder, ": the run did not complete"));
  }
  if (recording.manifest.final_primary().empty()) {
    recording.notes.push_back(absl::StrCat(
        ManifestPath(folder), " names no final primary, so the fates of writes are unknown"));
  }
  recording.scenario_yaml =
      OrNote(ReadFileBytes(ScenarioPath(folder)), recording.notes).value_or("");
  ReadNodes(recording);
  ReadWitnesses(recording);
  FillTimes(recording);
  return recording;
}

}  // namespace replsim
