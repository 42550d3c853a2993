#include "simulator/recording/history.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/status.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/plausible_time.h"

namespace replsim {
namespace {

constexpr char kHistoryMagic[] = "RSHIST3\n";
constexpr char kHistoryMagic2[] = "RSHIST2\n";
constexpr size_t kHistoryMagicBytes = 8;
// Small, because a running run can be viewed: the file lags by less than 200 operations.
constexpr size_t kBufferBytes = 16 << 10;

// A record of version 2: an Operation without the value that a read saw.
struct OlderOperation {
  char bytes[88];
};
static_assert(offsetof(Operation, value_sequence) == sizeof(OlderOperation));

absl::StatusOr<RecordFile<Operation>> ReadOlder(const std::string& path) {
  REPL_ASSIGN_OR_RETURN(RecordFile<OlderOperation> older,
                        ReadRecordFile<OlderOperation>(path, kHistoryMagicBytes));
  RecordFile<Operation> file{older.header, std::vector<Operation>(older.records.size()),
                             older.rest};
  for (size_t i = 0; i < older.records.size(); ++i) {
    std::memcpy(static_cast<void*>(&file.records[i]), &older.records[i], sizeof(OlderOperation));
  }
  return file;
}

absl::StatusOr<RecordFile<Operation>> ReadAnyVersion(const std::string& path) {
  REPL_ASSIGN_OR_RETURN(RecordFile<Operation> file,
                        ReadRecordFile<Operation>(path, kHistoryMagicBytes));
  if (file.header == kHistoryMagic2) return ReadOlder(path);
  return file;
}

bool HasPlausibleTimes(const Operation& operation) {
  return IsPlausibleTime(operation.intended_ns) && IsPlausibleTime(operation.invoked_ns) &&
         IsPlausibleTime(operation.completed_ns) && IsPlausibleTime(operation.ticket_ns);
}

}  // namespace

absl::StatusOr<HistoryWriter> HistoryWriter::Create(const std::string& path) {
  HistoryWriter writer;
  writer.path_ = path;
  writer.buffer_.resize(kBufferBytes);
  writer.file_.rdbuf()->pubsetbuf(writer.buffer_.data(), kBufferBytes);
  writer.file_.open(path, std::ios::binary | std::ios::trunc);
  writer.file_.write(kHistoryMagic, kHistoryMagicBytes);
  writer.file_.flush();
  if (!writer.file_) return CannotWrite(path);
  return writer;
}

absl::Status HistoryWriter::Add(const Operation& operation) {
  file_.write(reinterpret_cast<const char*>(&operation), sizeof(operation));
  return Look();
}

absl::Status HistoryWriter::Flush() {
  file_.flush();
  return Look();
}

absl::Status HistoryWriter::Close() {
  file_.close();
  return Look();
}

// Keeps the first error, because later ones are only consequences.
absl::Status HistoryWriter::Look() {
  if (failed_.ok() && !file_) failed_ = CannotWrite(path_);
  return failed_;
}

absl::StatusOr<History> ReadHistory(const std::string& path) {
  REPL_ASSIGN_OR_RETURN(RecordFile<Operation> file, ReadAnyVersion(path));
  if (!absl::StartsWith(kHistoryMagic, file.header) &&
      !absl::StartsWith(kHistoryMagic2, file.header)) {
    return absl::DataLossError(
        absl::StrCat(path, " is not a client history: it begins with neither RSHIST3 nor RSHIST2"));
  }
  History history;
  history.operations = std::move(file.records);
  const auto damaged =
      std::find_if_not(history.operations.begin(), history.operations.end(), HasPlausibleTimes);
  const auto lost = static_cast<size_t>(history.operations.end() - damaged);
  history.operations.erase(damaged, history.operations.end());
  if (file.header.size() < kHistoryMagicBytes) {
    history.cut_short = absl::StrCat(path, " ends inside its first line: it contains no operation");
  } else if (lost != 0) {
    history.cut_short =
        absl::StrCat(path, " is damaged: record ", history.operations.size() + 1,
                     " has an impossible time; the last ", lost, " records are ignored");
  } else if (file.rest != 0) {
    history.cut_short =
        absl::StrCat(path, " ends inside a record: its last ", file.rest, " bytes are ignored, ",
                     history.operations.size(), " operations were read");
  }
  return history;
}

std::string KeyName(uint64_t key) { return absl::StrFormat("k%04d", key); }

std::string KeyNames(const Operation& operation) {
  const uint32_t count = operation.key_count();
  if (count == 1) return KeyName(operation.key);
  return absl::StrCat(KeyName(operation.key), " to ", KeyName(operation.key + count - 1));
}

}  // namespace replsim
