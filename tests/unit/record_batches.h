// Batches of real records for tests.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/storage/log/record.h"
#include "common/storage/store/command.h"

namespace replsim {

// Returns puts of key "k<lsn>" by client <lsn>, one per LSN.
inline BatchPtr MakeBatch(uint64_t epoch, uint64_t first, uint64_t last) {
  std::string bytes;
  for (uint64_t lsn = first; lsn <= last; ++lsn) {
    const std::string key = absl::StrCat("k", lsn);
    std::string command;
    EncodeCommand({lsn, 1, CommandKind::kPut, key, "value"}, &command);
    AppendRecord({Epoch(epoch), Lsn(lsn)}, Instant(), command, &bytes);
  }
  return ParseBatch(std::move(bytes));
}

}  // namespace replsim
