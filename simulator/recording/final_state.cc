#include "simulator/recording/final_state.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>

#include "absl/strings/str_cat.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/history.h"
#include "simulator/recording/written_value.h"

namespace replsim {
namespace {

constexpr char kFinalMagic[] = "RSFINAL2";
constexpr char kFinalMagic1[] = "RSFINAL1";
constexpr size_t kEntryBytes1 = 24;  // version 1: the first fields of FinalEntry
constexpr size_t kHeaderBytes = 16;

bool KeyBefore(const FinalEntry& a, const FinalEntry& b) { return a.key < b.key; }
bool NotAscending(const FinalEntry& a, const FinalEntry& b) { return a.key >= b.key; }

}  // namespace

FinalEntry FinalEntryOf(uint32_t key, Position position, absl::string_view value) {
  FinalEntry entry;
  entry.key = key;
  entry.epoch = position.epoch.value();
  entry.lsn = position.lsn.value();
  if (const auto elements = ParseList(value)) {
    entry.value_client = elements->back().client;
    entry.value_sequence = elements->back().sequence;
  }
  return entry;
}

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
  std::error_code ignored;  // writing the file reports the error
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  return WriteFileBytes(path, bytes);
}

absl::StatusOr<std::vector<FinalEntry>> ReadFinalState(const std::string& path) {
  const absl::StatusOr<std::string> read = ReadFileBytes(path, kRecordBytesMax);
  if (!read.ok()) return read.status();
  const std::string& bytes = *read;
  const bool older = bytes.compare(0, 8, kFinalMagic1) == 0;
  if (bytes.size() < kHeaderBytes || (!older && bytes.compare(0, 8, kFinalMagic) != 0)) {
    return absl::DataLossError(
        absl::StrCat(path, " is not a final read: it begins with neither RSFINAL2 nor RSFINAL1"));
  }
  const size_t entry_bytes = older ? kEntryBytes1 : sizeof(FinalEntry);
  uint64_t count = 0;
  std::memcpy(&count, bytes.data() + 8, sizeof(count));
  const size_t body = bytes.size() - kHeaderBytes;
  if (body % entry_bytes != 0 || count != body / entry_bytes) {
    return absl::DataLossError(absl::StrCat(path, " is incomplete: its header announces ", count,
                                            " entries, but it contains ", body,
                                            " bytes of entries"));
  }
  std::vector<FinalEntry> entries(count);
  for (uint64_t i = 0; i < count; ++i) {
    std::memcpy(static_cast<void*>(&entries[i]), bytes.data() + kHeaderBytes + i * entry_bytes,
                entry_bytes);
  }
  if (std::adjacent_find(entries.begin(), entries.end(), NotAscending) != entries.end()) {
    return absl::DataLossError(absl::StrCat(path, ": keys are not in ascending order"));
  }
  return entries;
}

}  // namespace replsim
