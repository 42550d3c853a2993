#include "simulator/analysis/reads/key_versions.h"

#include <algorithm>
#include <limits>

#include "protos/types.pb.h"

namespace replsim {

KeyVersions::KeyVersions(const Recording& recording, const FinalLog& final_log) {
  for (const LogEntry& entry : final_log.entries()) {
    if (entry.key == kNoKey || entry.no_effect) continue;
    for (uint32_t i = 0; i < entry.key_count; ++i) {
      writes_[entry.key + i].push_back({Epoch(entry.epoch), Lsn(entry.lsn)});
    }
  }
  AddLostWrites(recording, final_log);
}

// A lost write that was seen had overwritten the value before it.
void KeyVersions::AddLostWrites(const Recording& recording, const FinalLog& final_log) {
  std::vector<uint32_t> keys;
  for (const Operation& operation : recording.operations) {
    if (operation.outcome != proto::COMMITTED || operation.lsn == 0) continue;
    if (final_log.At(operation.epoch, operation.lsn) != nullptr) continue;
    for (uint32_t i = 0; i < operation.key_count(); ++i) {
      writes_[operation.key + i].push_back(operation.position());
      keys.push_back(operation.key + i);
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (const uint32_t key : keys) {
    std::vector<Position>& writes = writes_[key];
    std::sort(writes.begin(), writes.end());
  }
}

Position KeyVersions::NextOf(uint32_t key, Position position) const {
  const auto it = writes_.find(key);
  constexpr Position kAfterAll{Epoch(std::numeric_limits<uint32_t>::max()), Lsn(0)};
  if (it == writes_.end()) return kAfterAll;
  const auto next = std::upper_bound(it->second.begin(), it->second.end(), position);
  return next == it->second.end() ? kAfterAll : *next;
}

}  // namespace replsim
