#include "common/storage/disk/data_end.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "common/base/status.h"

namespace replsim {
namespace {

constexpr char kZeros[512] = {};

// Removes whole blocks of zeros from the end of `data`. Log space is written ahead as megabytes of
// zeros, which memcmp passes over many times faster than a search byte by byte.
absl::string_view WithoutZeroBlocks(absl::string_view data) {
  size_t end = data.size();
  while (end >= sizeof kZeros &&
         std::memcmp(data.data() + end - sizeof kZeros, kZeros, sizeof kZeros) == 0) {
    end -= sizeof kZeros;
  }
  return data.substr(0, end);
}

}  // namespace

uint64_t DataEnd(uint64_t offset, absl::string_view data) {
  data = WithoutZeroBlocks(data);
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
