#include "simulator/cluster/foreign/translation.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/cluster/foreign/full_logs.h"
#include "simulator/cluster/foreign/native_trace.h"
#include "simulator/cluster/foreign/unlogged_writes.h"
#include "simulator/recording/entries_file.h"
#include "simulator/recording/final_state.h"
#include "simulator/recording/history.h"
#include "simulator/recording/run_folder.h"
#include "simulator/recording/trace_file.h"

namespace replsim {
namespace {

std::vector<LogEntry> EntriesOf(const FullLogs& logs, const FullLog& log) {
  std::vector<LogEntry> entries;
  entries.reserve(log.size());
  std::map<std::pair<uint32_t, uint64_t>, uint8_t> executed;
  for (const NativeEntry& native : log.entries()) {
    LogEntry& entry = entries.emplace_back();
    entry.lsn = entries.size();
    entry.epoch = native.epoch;
    entry.time_ns = logs.AppendedAt(log, entry.lsn);
    entry.client = native.write.client;
    entry.sequence = native.write.sequence;
    entry.key = native.key;
    entry.user_bytes = native.user_bytes;
    entry.log_bytes = native.log_bytes;
    // The values of all attempts at a write are the same; the n-th one in the log is attempt n.
    if (!native.write.empty()) entry.attempt = executed[{entry.client, entry.sequence}]++;
  }
  return entries;
}

void SetPosition(const std::optional<Position>& position, Operation* operation) {
  operation->has_position = position.has_value();
  operation->epoch = position ? static_cast<uint32_t>(position->epoch.value()) : 0;
  operation->lsn = position ? position->lsn.value() : 0;
}

// The position of a committed write, and of the write that a read returned.
void SetPosition(const FullLogs& logs, size_t nodes, Operation* operation) {
  if (operation->outcome != proto::COMMITTED) return;
  const auto node = operation->node < nodes ? std::optional<size_t>(operation->node) : std::nullopt;
  if (operation->is_write) {
    return SetPosition(logs.PositionOf({operation->client, operation->sequence}, node), operation);
  }
  const std::optional<WrittenValue> value = operation->value();
  if (!value) return SetPosition(std::nullopt, operation);
  SetPosition(value->empty() ? Position() : logs.PositionOf(*value, node), operation);
}

absl::Status RewriteHistory(const std::string& folder, const std::vector<Operation>& operations) {
  REPL_ASSIGN_OR_RETURN(HistoryWriter writer, HistoryWriter::Create(HistoryPath(folder)));
  for (const Operation& operation : operations) {
    REPL_RETURN_IF_ERROR(writer.Add(operation));
  }
  return writer.Close();
}

absl::Status RewriteFinalState(const std::string& folder, const std::string& node,
                               const FullLog& log) {
  const std::string path = FinalStatePath(folder, node);
  absl::StatusOr<std::vector<FinalEntry>> entries = ReadFinalState(path);
  if (absl::IsNotFound(entries.status())) return absl::OkStatus();
  REPL_RETURN_IF_ERROR(entries.status());
  for (FinalEntry& entry : *entries) {
    if (entry.value_client == 0) continue;
    const std::vector<uint64_t> lsns = log.LsnsOf({entry.value_client, entry.value_sequence});
    if (lsns.empty()) continue;
    entry.lsn = lsns.back();
    entry.epoch = log.epoch_at(entry.lsn);
  }
  return WriteFinalState(path, *std::move(entries));
}

// What the node had lost by the end: entries of a life that the next one does not have.
uint64_t TruncatedEntries(const FullLogs& logs, size_t node) {
  uint64_t truncated = 0;
  for (size_t life = 1; life < logs.lives(node); ++life) {
    const FullLog& before = logs.of(node, life - 1);
    truncated += before.size() - before.CommonWith(logs.of(node, life));
  }
  return truncated;
}

void SetEnd(const FullLogs& logs, size_t node, proto::Manifest* manifest) {
  const std::string& id = manifest->nodes(static_cast<int>(node));
  const FullLog& log = logs.of(node, logs.lives(node) - 1);
  for (proto::Manifest::NodeEnd& end : *manifest->mutable_ends()) {
    if (end.node() != id) continue;
    end.set_epoch(log.epoch_at(log.size()));
    end.set_last(log.size());
    end.set_apply(log.size());
    end.set_truncated_entries(TruncatedEntries(logs, node));
  }
}

}  // namespace

std::optional<uint32_t> KeyIndex(absl::string_view key) {
  uint32_t index = 0;
  if (key.empty() || key[0] != 'k' || !absl::SimpleAtoi(key.substr(1), &index)) return {};
  return index;
}

absl::Status ForgetNative(const std::string& folder, const absl::Status& why) {
  REPL_ASSIGN_OR_RETURN(proto::Manifest manifest, ReadManifest(folder));
  proto::Manifest::Evidence& evidence = *manifest.mutable_evidence();
  evidence.set_positions(proto::ABSENT);
  evidence.set_logs(proto::ABSENT);
  for (proto::Manifest::Evidence::Node& node : *evidence.mutable_nodes()) {
    node.set_receive(proto::ABSENT);
    node.set_write(proto::ABSENT);
    node.set_flush(proto::ABSENT);
    node.set_apply(proto::ABSENT);
  }
  manifest.add_notes(absl::StrCat("the logs of the servers could not be read: ", why.message()));
  return SaveManifest(folder, manifest);
}

absl::Status Translate(const std::string& folder, const NativeRecording& native) {
  REPL_ASSIGN_OR_RETURN(proto::Manifest manifest, ReadManifest(folder));
  REPL_ASSIGN_OR_RETURN(History history, ReadHistory(HistoryPath(folder)));
  std::vector<std::string> notes = native.notes;
  const FullLogs logs(native, history.operations, &notes);
  for (size_t node = 0; node < native.nodes.size(); ++node) {
    const std::string& id = native.nodes[node].node.name();
    if (logs.lives(node) == 0) continue;
    const FullLog& last = logs.of(node, logs.lives(node) - 1);
    REPL_RETURN_IF_ERROR(WriteEntries(EntriesPath(folder, id), EntriesOf(logs, last)));
    REPL_RETURN_IF_ERROR(WriteTrace(TracePath(folder, id), TraceOf(native, logs, node)));
    REPL_RETURN_IF_ERROR(RewriteFinalState(folder, id, last));
    SetEnd(logs, node, &manifest);
  }
  for (Operation& operation : history.operations) {
    SetPosition(logs, native.nodes.size(), &operation);
  }
  PlaceUnloggedWrites(logs, &history.operations);
  REPL_RETURN_IF_ERROR(RewriteHistory(folder, history.operations));
  for (std::string& note : notes) manifest.add_notes(std::move(note));
  return SaveManifest(folder, manifest);
}

}  // namespace replsim
