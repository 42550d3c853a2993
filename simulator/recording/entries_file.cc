#include "simulator/recording/entries_file.h"

#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/recording/file_bytes.h"

namespace replsim {
namespace {

constexpr char kMagic[] = "RSENTRS1";
constexpr size_t kMagicBytes = 8;

struct EntryRecord {
  uint64_t epoch = 0;
  uint64_t lsn = 0;
  int64_t time_ns = 0;
  uint64_t sequence = 0;
  uint32_t client = 0;
  uint32_t lane = 0;
  uint32_t key = 0;
  uint32_t user_bytes = 0;
  uint32_t log_bytes = 0;
  uint8_t attempt = 0;
  uint8_t key_count = 1;
  uint8_t is_delete = 0;
  uint8_t no_effect = 0;
  uint64_t reserved = 0;
};
static_assert(sizeof(EntryRecord) == 64);

EntryRecord ToRecord(const LogEntry& entry) {
  EntryRecord record;
  record.epoch = entry.epoch;
  record.lsn = entry.lsn;
  record.time_ns = entry.time_ns;
  record.sequence = entry.sequence;
  record.client = entry.client;
  record.lane = entry.lane;
  record.key = entry.key;
  record.user_bytes = entry.user_bytes;
  record.log_bytes = entry.log_bytes;
  record.attempt = entry.attempt;
  record.key_count = entry.key_count;
  record.is_delete = entry.is_delete ? 1 : 0;
  record.no_effect = entry.no_effect ? 1 : 0;
  return record;
}

LogEntry FromRecord(const EntryRecord& record) {
  LogEntry entry;
  entry.epoch = record.epoch;
  entry.lsn = record.lsn;
  entry.time_ns = record.time_ns;
  entry.sequence = record.sequence;
  entry.client = record.client;
  entry.lane = record.lane;
  entry.key = record.key;
  entry.user_bytes = record.user_bytes;
  entry.log_bytes = record.log_bytes;
  entry.attempt = record.attempt;
  entry.key_count = record.key_count;
  entry.is_delete = record.is_delete != 0;
  entry.no_effect = record.no_effect != 0;
  return entry;
}

}  // namespace

absl::Status WriteEntries(const std::string& path, const std::vector<LogEntry>& entries) {
  std::string bytes(kMagic, kMagicBytes);
  bytes.reserve(kMagicBytes + entries.size() * sizeof(EntryRecord));
  for (const LogEntry& entry : entries) {
    const EntryRecord record = ToRecord(entry);
    bytes.append(reinterpret_cast<const char*>(&record), sizeof(record));
  }
  return WriteFileBytes(path, bytes);
}

absl::StatusOr<std::vector<LogEntry>> ReadEntries(const std::string& path) {
  REPL_ASSIGN_OR_RETURN(const RecordFile<EntryRecord> file,
                        ReadRecordFile<EntryRecord>(path, kMagicBytes));
  if (file.header != kMagic) {
    return absl::DataLossError(
        absl::StrCat(path, " has no log entries: it does not begin with ", kMagic));
  }
  if (file.rest != 0) return absl::DataLossError(absl::StrCat(path, " ends inside a record"));
  std::vector<LogEntry> entries;
  entries.reserve(file.records.size());
  for (const EntryRecord& record : file.records) {
    entries.push_back(FromRecord(record));
    if (record.lsn != entries.size()) {
      return absl::DataLossError(
          absl::StrCat(path, ": entry ", entries.size(), " has LSN ", record.lsn));
    }
  }
  return entries;
}

}  // namespace replsim
