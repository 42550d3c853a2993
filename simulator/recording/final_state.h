// The final read of one node: for every key it holds, the position of the write it holds there.
// `final/<id>.bin` of a run folder.
//
// File format: 8 bytes "RSFINAL1", u64 number of entries, then entries of 24 bytes
// (u32 key · u32 0 · u64 epoch · u64 lsn) in ascending key order, little-endian.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace replsim {

struct FinalEntry {
  uint32_t key = 0;  // index, as in the history
  uint32_t reserved = 0;
  uint64_t epoch = 0;
  uint64_t lsn = 0;
  bool operator==(const FinalEntry&) const = default;
};
static_assert(sizeof(FinalEntry) == 24);

// Sorts the entries by key; two entries of one key are InvalidArgument. Makes the folder if needed.
absl::Status WriteFinalState(const std::string& path, std::vector<FinalEntry> entries);
// NotFound where there is no file; DataLoss, naming the file, where it is not whole.
absl::StatusOr<std::vector<FinalEntry>> ReadFinalState(const std::string& path);

}  // namespace replsim
