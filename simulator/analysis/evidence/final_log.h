// Index over the final primary's log: which writes exist at the end, and at which position.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "simulator/recording/recording.h"

namespace replsim {

class FinalLog {
 public:
  // Keeps a reference to the recording. known() is false if the recording has no final log.
  explicit FinalLog(const Recording& recording);

  bool known() const { return log_ != nullptr; }
  const std::vector<LogEntry>& entries() const;  // empty if not known
  // The first entry of this operation, from any of its attempts; null if there is none.
  const LogEntry* Find(uint64_t client, uint64_t sequence) const;
  // The entry at exactly this position; null if another epoch or no entry is there.
  const LogEntry* At(uint64_t epoch, uint64_t lsn) const;
  // Whether an earlier entry belongs to the same operation. `entry` must be one of entries().
  bool IsRepetition(const LogEntry& entry) const {
    return Find(entry.client, entry.sequence) != &entry;
  }
  // The highest LSN of this epoch; absent if the epoch has no entry.
  std::optional<uint64_t> LastOfEpoch(uint64_t epoch) const;

 private:
  const std::vector<LogEntry>* log_;
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, const LogEntry*>
      by_request_;                                         // never iterated
  absl::flat_hash_map<uint64_t, uint64_t> last_of_epoch_;  // never iterated
};

}  // namespace replsim
