// A recording in memory: the only input of the analysis. Plain data, built by ReadRecording from a
// run folder, or directly in tests. Times are nanoseconds on the run's clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/protocol/trace.h"
#include "common/storage/file/file.h"
#include "protos/recording.pb.h"
#include "simulator/recording/final_state.h"
#include "simulator/recording/history.h"
#include "simulator/recording/value_lists.h"

namespace replsim {

inline constexpr uint32_t kNoKey = 0xffffffff;

// One record of a node's log.
struct LogEntry {
  uint64_t epoch = 0;
  uint64_t lsn = 0;
  int64_t time_ns = 0;    // when its primary appended it
  uint64_t sequence = 0;  // request_name.h explains sequence, client, lane and attempt
  uint32_t client = 0;
  uint32_t lane = 0;
  uint8_t attempt = 0;
  uint8_t key_count = 1;  // of a transaction: its keys are key, key + 1, ...
  bool is_delete = false;
  bool no_effect = false;   // a compare-and-set or append that changed nothing
  uint32_t key = kNoKey;    // index; kNoKey if the record is not a write of this workload
  uint32_t user_bytes = 0;  // key and value
  uint32_t log_bytes = 0;   // as encoded
};

struct NodeRecording {
  std::string id;
  // Absent if missing or unreadable; Recording.notes then gives the reason.
  std::optional<std::vector<TraceRecord>> trace;       // in order of time
  std::optional<std::vector<LogEntry>> log;            // dense in LSN, as it was when the run ended
  std::optional<std::vector<FinalEntry>> final_state;  // in order of key
  std::optional<uint64_t> rollback_bytes{};            // size of its rollback file
};

struct Recording {
  std::string folder;
  proto::Manifest manifest;
  std::vector<Operation> operations;    // in order of completion
  std::vector<ListedValue> lists;       // that reads saw, by number - 1
  bool history_cut_short = false;       // the history file is incomplete
  bool history_is_damaged = false;      // of a run that reached its end: it lacks operations
  std::vector<proto::RunEvent> events;  // in order of time
  std::vector<NodeRecording> nodes;     // in the manifest's order: the index traces and history use
  std::vector<NodeRecording> witnesses;  // only traces, which number them after the nodes
  std::string scenario_yaml;             // the resolved scenario; empty if missing
  std::vector<std::string> notes;        // what is missing or cut short, for people

  std::optional<size_t> NodeIndex(absl::string_view id) const;
  std::string NodeName(size_t index) const;  // "node 7" if the manifest has no such node
  // The nodes and then the witnesses, numbered as in traces: everyone who votes.
  size_t voter_count() const { return nodes.size() + witnesses.size(); }
  const NodeRecording& voter(size_t index) const {
    return index < nodes.size() ? nodes[index] : witnesses[index - nodes.size()];
  }
  // The log of the final primary, which defines which writes exist. Null if unknown.
  const std::vector<LogEntry>* FinalLog() const;
};

// Loads the run folder of one variant. The run may have ended, been aborted, or still be running.
// The manifest must exist. Any other missing or incomplete part is loaded as far as possible, with
// a note. Times that the manifest does not have yet are replaced by those of the last recorded
// data. A file of another type is an error that names it.
absl::StatusOr<Recording> ReadRecording(const std::string& folder);

// Size in bytes of the records that a node truncated from its log and kept in its rollback file
// (common/node/node_storage.h).
uint64_t RollbackBytes(FileSystem& fs, const std::string& node_folder);

// A node's log as plain entries, from LSN 1. `cut` receives a description of a torn tail that was
// ignored, if any. Records that the node dropped from the front are read from `archive`;
// FailedPrecondition if they are missing there, because dropped writes would otherwise look lost.
absl::StatusOr<std::vector<LogEntry>> ReadLogEntries(FileSystem& fs, const std::string& log_folder,
                                                     std::string* cut,
                                                     const std::string& archive = "");

}  // namespace replsim
