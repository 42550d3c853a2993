// A recording in memory: all that the analysis may look at. Plain data; built by ReadRecording from
// a run folder, or by hand in tests. Times are nanoseconds on the run's clock.
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

namespace replsim {

inline constexpr uint32_t kNoKey = 0xffffffff;

// One record of a node's log.
struct LogEntry {
  uint64_t epoch = 0;
  uint64_t lsn = 0;
  int64_t time_ns = 0;    // when its primary appended it
  uint64_t sequence = 0;  // this, and the three below: request_name.h
  uint32_t client = 0;
  uint32_t lane = 0;
  uint8_t attempt = 0;
  bool is_delete = false;
  uint32_t key = kNoKey;    // index; kNoKey where the record is not a write of this workload
  uint32_t user_bytes = 0;  // key and value
  uint32_t log_bytes = 0;   // as encoded
};

struct NodeRecording {
  std::string id;
  // Absent: not there or not readable; Recording.notes says why.
  std::optional<std::vector<TraceRecord>> trace;       // in order of time
  std::optional<std::vector<LogEntry>> log;            // dense in LSN, as it was when the run ended
  std::optional<std::vector<FinalEntry>> final_state;  // in order of key
  std::optional<uint64_t> rollback_bytes{};            // of what was cut from its log
};

struct Recording {
  std::string folder;
  proto::Manifest manifest;
  std::vector<Operation> operations;    // in order of completion
  bool history_cut_short = false;       // the end of their file is missing
  std::vector<proto::RunEvent> events;  // in order of time
  std::vector<NodeRecording> nodes;     // in the manifest's order: the index traces and history use
  std::string scenario_yaml;            // resolved; empty where missing
  std::vector<std::string> notes;       // what is missing or cut short, for people

  std::optional<size_t> NodeIndex(absl::string_view id) const;
  std::string NodeName(size_t index) const;  // "node 7" where the manifest has no such node
  // The log of the node that leads in the end: the truth about which writes exist. Null if unknown.
  const std::vector<LogEntry>* FinalLog() const;
};

// Loads a run folder of one variant, of a run that has ended, was cut short, or still goes on. The
// manifest must be there. All else that is missing or ends too soon is left absent as far as it is,
// with a note, and the times that the manifest does not know are those of what was recorded last.
// A file that is something else altogether is an error that names it.
absl::StatusOr<Recording> ReadRecording(const std::string& folder);

// How many bytes of records a node has cut from its log and kept (common/node/node_storage.h).
uint64_t RollbackBytes(FileSystem& fs, const std::string& node_folder);

// A node's log as plain entries, from LSN 1 on; `cut` gets what the reader left out of a torn tail,
// if any. Records that the node dropped from the front are read from `archive`.
// FailedPreconditionError: they are not there. Without them a write that was dropped would look
// lost.
absl::StatusOr<std::vector<LogEntry>> ReadLogEntries(FileSystem& fs, const std::string& log_folder,
                                                     std::string* cut,
                                                     const std::string& archive = "");

}  // namespace replsim
