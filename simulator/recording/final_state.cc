#include "simulator/recording/final_state.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/history.h"

namespace replsim {
namespace {

constexpr char kFinalMagic[] = "RSFINAL1";
constexpr size_t kHeaderBytes = 16;

bool KeyBefore(const FinalEntry& a, const FinalEntry& b) { return a.key < b.key; }
bool NotAscending(const FinalEntry& a, const FinalEntry& b) { return a.key >= b.key; }

}  // namespace

absl::Status WriteFinalState(const std::string& path, std::vector<FinalEntry> entries) {
  std::sort(entries.begin(), entries.end(), KeyBefore);
  const auto twice = std::adjacent_find(entries.begin(), entries.end(), NotAscending);
  if (twice != entries.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": key ", KeyName(twice->key), " was read twice"));
  }
  std::string bytes(kFinalMagic, 8);
  const uint64_t count = entries.size();
  bytes.append(reinterpret_cast<const char*>(&count), sizeof(count));
  bytes.append(reinterpret_cast<const char*>(entries.data()), entries.size() * sizeof(FinalEntry));
  std::error_code ignored;  // writing the file tells
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  return WriteFileBytes(path, bytes);
}

absl::StatusOr<std::vector<FinalEntry>> ReadFinalState(const std::string& path) {
  const absl::StatusOr<std::string> read = ReadFileBytes(path, kRecordBytesMax);
  if (!read.ok()) return read.status();
  const std::string& bytes = *read;
  if (bytes.size() < kHeaderBytes || std::memcmp(bytes.data(), kFinalMagic, 8) != 0) {
    return absl::DataLossError(
        absl::StrCat(path, " is not a final read: it does not begin with RSFINAL1"));
  }
  uint64_t count = 0;
  std::memcpy(&count, bytes.data() + 8, sizeof(count));
  const size_t body = bytes.size() - kHeaderBytes;
  if (body % sizeof(FinalEntry) != 0 || count != body / sizeof(FinalEntry)) {
    return absl::DataLossError(absl::StrCat(path, " is incomplete: its header announces ", count,
                                            " entries, but it contains ", body,
                                            " bytes of entries"));
  }
  std::vector<FinalEntry> entries(count);
  if (count > 0) std::memcpy(entries.data(), bytes.data() + kHeaderBytes, body);
  if (std::adjacent_find(entries.begin(), entries.end(), NotAscending) != entries.end()) {
    return absl::DataLossError(absl::StrCat(path, ": keys are not in ascending order"));
  }
  return entries;
}

}  // namespace replsim
