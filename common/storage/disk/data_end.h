// Where the data of a file ends: behind it there are only zeros, written ahead.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/storage/file/file.h"

namespace replsim {

// Behind the last byte that is not zero of `data`, which lies at `offset`; `offset` where all are.
uint64_t DataEnd(uint64_t offset, absl::string_view data);
// The same of what the file holds from `begin` to `end`.
absl::StatusOr<uint64_t> DataEnd(const File& file, uint64_t begin, uint64_t end);

}  // namespace replsim
