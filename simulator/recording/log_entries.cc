#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/storage/log/log.h"
#include "common/storage/store/command.h"
#include "simulator/recording/recording.h"
#include "simulator/recording/request_name.h"

namespace replsim {
namespace {

LogEntry EntryOf(const RecordView& record) {
  LogEntry entry;
  entry.epoch = record.position.epoch.value();
  entry.lsn = record.position.lsn.value();
  entry.time_ns = ToNanos(record.time);
  entry.log_bytes = static_cast<uint32_t>(record.encoded_bytes);
  const std::optional<Command> command = DecodeCommand(record.payload);
  if (!command) return entry;
  const RequestName name = RequestName::Of(command->client, command->sequence);
  entry.client = name.client;
  entry.lane = name.lane;
  entry.sequence = name.sequence;
  entry.attempt = name.attempt;
  entry.is_delete = command->kind == CommandKind::kDelete;
  entry.user_bytes = static_cast<uint32_t>(command->key.size() + command->value.size());
  uint32_t key = 0;
  if (!command->key.empty() && command->key[0] == 'k' &&
      absl::SimpleAtoi(command->key.substr(1), &key)) {
    entry.key = key;
  }
  return entry;
}

}  // namespace

absl::StatusOr<std::vector<LogEntry>> ReadLogEntries(FileSystem& fs, const std::string& log_folder,
                                                     std::string* cut, const std::string& archive) {
  if (!fs.List(log_folder).ok()) {
    return absl::NotFoundError(absl::StrCat("there is no log at ", log_folder));
  }
  std::vector<LogEntry> entries;
  Recovery recovery;
  REPL_RETURN_IF_ERROR(ReadLog(
      fs, log_folder, &recovery,
      [&entries](const RecordView& record) { entries.push_back(EntryOf(record)); }, archive));
  if (recovery.front.first() > Lsn(1)) {
    return absl::FailedPreconditionError(
        absl::StrCat(log_folder, ": the log begins with LSN ", recovery.front.first().value(),
                     ", and the records before it are not archived"));
  }
  *cut = recovery.cut;
  return entries;
}

}  // namespace replsim
