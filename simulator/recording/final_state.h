// The final read of one node: for every key that it holds, the position of the write and the value
// that it returned. Stored in `final/<id>.bin` of a run folder.
//
// File format: 8 bytes "RSFINAL2", u64 number of entries, then entries of 32 bytes
// (u32 key · u32 client · u64 epoch · u64 lsn · u64 sequence) in ascending key order,
// little-endian. Files of version 1 ("RSFINAL1": 24 bytes per entry, client 0, no sequence) can
// still be read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/ids.h"

namespace replsim {

struct FinalEntry {
  uint32_t key = 0;           // index, as in the history
  uint32_t value_client = 0;  // client that wrote the value; 0: unknown
  uint64_t epoch = 0;         // 0:0: the cluster does not report positions
  uint64_t lsn = 0;
  uint64_t value_sequence = 0;

  // An unknown value equals every value.
  bool operator==(const FinalEntry& other) const {
    const bool known = value_client != 0 && other.value_client != 0;
    return key == other.key && epoch == other.epoch && lsn == other.lsn &&
           (!known ||
            (value_client == other.value_client && value_sequence == other.value_sequence));
  }
};
static_assert(sizeof(FinalEntry) == 32);

// `value` is the text that the node returned (written_value.h). Of a list, the entry has the last
// element.
FinalEntry FinalEntryOf(uint32_t key, Position position, absl::string_view value);

// Sorts the entries by key; InvalidArgument if two entries have the same key. Creates the folder if
// needed.
absl::Status WriteFinalState(const std::string& path, std::vector<FinalEntry> entries);
// NotFound if the file does not exist; DataLoss, naming the file, if it is malformed or incomplete.
absl::StatusOr<std::vector<FinalEntry>> ReadFinalState(const std::string& path);

}  // namespace replsim
