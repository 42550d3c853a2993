#include "common/storage/store/store.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/mutant.h"
#include "common/storage/store/command.h"

namespace replsim {
namespace {

uint64_t EntryDigest(absl::string_view key, const KvStore::Entry& entry) {
  const uint64_t seed = XXH3_64bits(key.data(), key.size()) ^ (entry.position.epoch.value() << 48) ^
                        entry.position.lsn.value();
  if (entry.deleted) return XXH3_64bits_withSeed("", 0, ~seed);
  return XXH3_64bits_withSeed(entry.value.data(), entry.value.size(), seed);
}

}  // namespace

void KvStore::Apply(const RecordView& record) {
  REPL_CHECK(record.position.lsn == applied_ + 1, "apply ", record.position.lsn.value(), " after ",
             applied_.value());
  applied_ = record.position.lsn;
  const std::optional<Command> command = DecodeCommand(record.payload);
  REPL_CHECK(command.has_value(), "record ", ToString(record.position), " contains no command");
  if (command->kind == CommandKind::kEpochBegin) return;
  const RequestTable::Last* last = requests_.Find(command->client);
  const bool again = last != nullptr && command->sequence <= last->sequence;
  if (again && !Mutated(Mutant::kApplyTwiceAfterRetry)) return;
  const bool took_effect = Execute(*command, record.position);
  requests_.Add(command->client, command->sequence, record.position, took_effect);
}

// Returns whether the command took effect.
bool KvStore::Execute(const Command& command, Position position) {
  switch (command.kind) {
    case CommandKind::kPut:
      Set(command.key, command.value, position);
      return true;
    case CommandKind::kDelete:
      Set(command.key, "", position, /*deleted=*/true);
      return true;
    case CommandKind::kAppend:
      return Append(command.key, command.value, position);
    case CommandKind::kCas: {
      const Entry* entry = Find(command.key);
      const bool exists = entry != nullptr && !entry->deleted;
      if (exists != command.expected.has_value()) return false;
      if (exists && entry->value != *command.expected) return false;
      Set(command.key, command.value, position);
      return true;
    }
    case CommandKind::kTransaction:
      for (const KeyValue& put : DecodePuts(command.value)) {
        Set(put.key, put.value, position);
        if (Mutated(Mutant::kApplyFirstPutOnly)) break;
      }
      return true;
    case CommandKind::kEpochBegin:
      break;
  }
  return true;
}

void KvStore::Set(absl::string_view key, absl::string_view value, Position position, bool deleted) {
  const auto [it, is_new] = entries_.try_emplace(key);
  if (!is_new) digest_ -= EntryDigest(it->first, it->second);
  it->second.value.assign(value.data(), value.size());
  it->second.position = position;
  it->second.deleted = deleted;
  digest_ += EntryDigest(it->first, it->second);
}

bool KvStore::Append(absl::string_view key, absl::string_view value, Position position) {
  const Entry* entry = Find(key);
  if (entry == nullptr) {
    if (value.size() > kAppendedBytesMax) return false;
    Set(key, value, position);
    return true;
  }
  if (entry->value.size() + value.size() > kAppendedBytesMax) return false;
  Set(key, absl::StrCat(entry->value, value), position);
  return true;
}

const KvStore::Entry* KvStore::Find(absl::string_view key) const {
  const auto it = entries_.find(key);
  return it == entries_.end() ? nullptr : &it->second;
}

void KvStore::ForEach(const std::function<void(const std::string&, const Entry&)>& visit) const {
  std::vector<const std::pair<const std::string, Entry>*> existing;
  for (const auto& one : entries_) {
    if (!one.second.deleted) existing.push_back(&one);
  }
  std::sort(existing.begin(), existing.end(),
            [](const auto* a, const auto* b) { return a->first < b->first; });
  for (const auto* one : existing) visit(one->first, one->second);
}

void KvStore::Clear() { *this = KvStore(); }

}  // namespace replsim
