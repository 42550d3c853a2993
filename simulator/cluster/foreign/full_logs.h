// The logs of all lives of all nodes, complete from LSN 1, and when each entry was appended. Part
// of the translation (translation.h). Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "simulator/cluster/foreign/translation.h"
#include "simulator/recording/history.h"

namespace replsim {

// One log: entry i has LSN i + 1.
class FullLog {
 public:
  explicit FullLog(std::vector<NativeEntry> entries, size_t copied);

  const std::vector<NativeEntry>& entries() const { return entries_; }
  uint64_t size() const { return entries_.size(); }
  // LSN of the last entry that came with a copy of another node's data; 0: none did.
  uint64_t copied() const { return copied_; }
  uint64_t bytes_at(uint64_t lsn) const { return lsn == 0 ? 0 : bytes_[lsn - 1]; }
  uint64_t epoch_at(uint64_t lsn) const { return lsn == 0 ? 0 : entries_[lsn - 1].epoch; }
  // LSN of the last entry of an epoch below `epoch`.
  uint64_t EndBefore(uint64_t epoch) const;
  // How many entries both logs have in common at their beginning.
  uint64_t CommonWith(const FullLog& other) const;

  // The LSNs of the entries of a write, ascending; more than one if it was executed again.
  std::vector<uint64_t> LsnsOf(const WrittenValue& write) const;
  // The first LSN after `after` to which a step of a stage has come; nothing if it names no entry
  // there.
  std::optional<uint64_t> Reached(const StageStep& step, uint64_t after) const;

 private:
  std::vector<NativeEntry> entries_;
  uint64_t copied_ = 0;
  std::vector<uint64_t> bytes_;                                     // of the log, up to each entry
  std::vector<std::tuple<uint32_t, uint64_t, uint64_t>> by_write_;  // client, sequence, LSN
};

// A leadership.
struct NativeLead {
  size_t node = 0;  // index
  size_t life = 0;
  uint64_t epoch = 0;
  Instant begun;
  uint64_t after = 0;  // LSN before its first own entry
};

class FullLogs {
 public:
  // `notes` receives what is not certain.
  FullLogs(const NativeRecording& native, const std::vector<Operation>& operations,
           std::vector<std::string>* notes);

  const FullLog& of(size_t node, size_t life) const { return logs_[node][life]; }
  size_t lives(size_t node) const { return logs_[node].size(); }
  // In order of epoch.
  const std::vector<NativeLead>& leads() const { return leads_; }
  // When the primary of its epoch appended the entry with this LSN of `log`.
  int64_t AppendedAt(const FullLog& log, uint64_t lsn) const;

  // Position of a write as `node` (if known) or else any primary stored it: its last execution.
  std::optional<Position> PositionOf(const WrittenValue& write, std::optional<size_t> node) const;

 private:
  void Complete(const NativeRecording& native, std::vector<std::string>* notes);
  std::optional<FullLog> CompletedBy(const NativeLog& tail, const FullLog& from) const;
  void FindLeads(const NativeRecording& native);
  void FindTimes(const NativeRecording& native, const std::vector<Operation>& operations);

  std::vector<std::vector<FullLog>> logs_;  // of each node, by life
  std::vector<NativeLead> leads_;
  std::map<uint64_t, std::vector<int64_t>> appended_;  // by epoch: of the leader's log, by LSN - 1
};

// The life of the node in which `when` falls. Nothing if the node was down: bytes that a relay held
// may still reach its address.
std::optional<size_t> LifeAt(const NodeHistory& history, Instant when);

}  // namespace replsim
