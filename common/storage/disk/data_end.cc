#include "common/storage/disk/data_end.h"

#include <algorithm>
#include <string>

#include "common/base/status.h"

namespace replsim {

uint64_t DataEnd(uint64_t offset, absl::string_view data) {
  const size_t last = data.find_last_not_of('\0');
  return last == absl::string_view::npos ? offset : offset + last + 1;
}

absl::StatusOr<uint64_t> DataEnd(const File& file, uint64_t begin, uint64_t end) {
  constexpr uint64_t kChunkBytes = 64 << 10;
  while (end > begin) {
    const uint64_t from = end - std::min(kChunkBytes, end - begin);
    REPL_ASSIGN_OR_RETURN(const std::string bytes, file.ReadAt(from, end - from));
    const uint64_t found = DataEnd(from, bytes);
    if (found > from) return found;
    end = from;
  }
  return begin;
}

}  // namespace replsim
