#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/storage/log/log.h"
#include "common/storage/store/command.h"
#include "common/storage/store/store.h"
#include "simulator/recording/recording.h"
#include "simulator/recording/request_name.h"

namespace replsim {
namespace {

// The index of a key of the load; kNoKey for any other key.
uint32_t IndexOf(absl::string_view key) {
  uint32_t index = 0;
  const bool is_own = !key.empty() && key[0] == 'k' && absl::SimpleAtoi(key.substr(1), &index);
  return is_own ? index : kNoKey;
}

// Sets the keys of a transaction. Those of the load are consecutive; other ones are not its writes.
void SetKeysOf(const Command& transaction, LogEntry* entry) {
  const std::vector<KeyValue> puts = DecodePuts(transaction.value);
  entry->user_bytes = 0;
  for (const KeyValue& put : puts) {
    entry->user_bytes += static_cast<uint32_t>(put.key.size() + put.value.size());
  }
  if (puts.empty() || puts.size() > kTransactionKeysMax) return;
  const uint32_t first = IndexOf(puts[0].key);
  for (size_t i = 0; i < puts.size(); ++i) {
    if (first == kNoKey || IndexOf(puts[i].key) != first + i) return;
  }
  entry->key = first;
  entry->key_count = static_cast<uint8_t>(puts.size());
}

// `conditional` is set if the outcome of the record depends on the state before it.
LogEntry EntryOf(const RecordView& record, bool* conditional) {
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
  *conditional |= IsConditional(command->kind);
  entry.is_delete = command->kind == CommandKind::kDelete;
  entry.user_bytes = static_cast<uint32_t>(command->key.size() + command->value.size());
  entry.key = IndexOf(command->key);
  if (command->kind == CommandKind::kTransaction) SetKeysOf(*command, &entry);
  return entry;
}

// Applies the log to a store, which decides what each conditional write changed.
absl::Status FindOutcomes(FileSystem& fs, const std::string& log_folder, const std::string& archive,
                          std::vector<LogEntry>* entries) {
  KvStore store;
  Recovery recovery;
  return ReadLog(
      fs, log_folder, &recovery,
      [&](const RecordView& record) {
        const std::optional<Command> command = DecodeCommand(record.payload);
        if (!command || record.position.lsn != store.applied() + 1) return;
        const bool known = IsConditional(command->kind);
        const RequestTable::Last* before = store.requests().Find(command->client);
        const bool again = before != nullptr && command->sequence <= before->sequence;
        store.Apply(record);
        if (!known || again) return;
        (*entries)[record.position.lsn.value() - 1].no_effect =
            !store.requests().Find(command->client)->took_effect;
      },
      archive);
}

}  // namespace

absl::StatusOr<std::vector<LogEntry>> ReadLogEntries(FileSystem& fs, const std::string& log_folder,
                                                     std::string* cut, const std::string& archive) {
  if (!fs.List(log_folder).ok()) {
    return absl::NotFoundError(absl::StrCat("there is no log at ", log_folder));
  }
  std::vector<LogEntry> entries;
  bool conditional = false;
  Recovery recovery;
  REPL_RETURN_IF_ERROR(ReadLog(
      fs, log_folder, &recovery,
      [&](const RecordView& record) { entries.push_back(EntryOf(record, &conditional)); },
      archive));
  if (recovery.front.first() > Lsn(1)) {
    return absl::FailedPreconditionError(
        absl::StrCat(log_folder, ": the log begins with LSN ", recovery.front.first().value(),
                     ", and the records before it are not archived"));
  }
  if (conditional) REPL_RETURN_IF_ERROR(FindOutcomes(fs, log_folder, archive, &entries));
  *cut = recovery.cut;
  return entries;
}

}  // namespace replsim
