#include "simulator/analysis/writes/applied_twice.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_format.h"

namespace replsim {

AppliedTwice FindAppliedTwice(const FinalLog& log) {
  AppliedTwice found;
  // The attempts seen so far, of operations with several entries. Never iterated.
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, std::vector<uint8_t>> attempts;
  for (const LogEntry& entry : log.entries()) {
    if (entry.key == kNoKey || !log.IsRepetition(entry)) continue;
    const LogEntry& first = *log.Find(entry.client, entry.sequence);
    std::vector<uint8_t>& before = attempts[{entry.client, entry.sequence}];
    if (before.empty()) before.push_back(first.attempt);
    if (std::find(before.begin(), before.end(), entry.attempt) != before.end()) {
      ++found.logged_again;
      continue;
    }
    // Every node skips an attempt that is logged after a later attempt of the same operation.
    if (entry.attempt < *std::max_element(before.begin(), before.end())) continue;
    before.push_back(entry.attempt);
    if (before.size() > 2) continue;
    if (found.operations++ == 0) {
      found.first = absl::StrFormat("client %d, request %d: %d:%d and %d:%d", entry.client,
                                    entry.sequence, first.epoch, first.lsn, entry.epoch, entry.lsn);
    }
  }
  return found;
}

}  // namespace replsim
