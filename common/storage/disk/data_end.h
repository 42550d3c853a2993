// Finds the end of the data in a file. After the data there are only zeros, written ahead.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/storage/file/file.h"

namespace replsim {

// The file offset after the last nonzero byte of `data`, which lies at `offset` in the file.
// Returns `offset` if all bytes are zero.
uint64_t DataEnd(uint64_t offset, absl::string_view data);
// The same for the bytes [begin, end) of the file; returns `begin` if all are zero.
absl::StatusOr<uint64_t> DataEnd(const File& file, uint64_t begin, uint64_t end);

}  // namespace replsim
