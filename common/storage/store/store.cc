#include "common/storage/store/store.h"

#include <xxhash.h>

#include "common/base/check.h"
#include "common/base/mutant.h"
#include "common/storage/store/command.h"

namespace replsim {
namespace {

uint64_t EntryDigest(absl::string_view key, const KvStore::Entry& entry) {
  const uint64_t seed = XXH3_64bits(key.data(), key.size()) ^ (entry.position.epoch.value() << 48) ^
                        entry.position.lsn.value();
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
  requests_.Add(command->client, command->sequence, record.position);

  if (command->kind == CommandKind::kDelete) {
    const auto it = entries_.find(command->key);
    if (it == entries_.end()) return;
    digest_ -= EntryDigest(it->first, it->second);
    entries_.erase(it);
    return;
  }
  const auto [it, is_new] = entries_.try_emplace(std::string(command->key));
  if (!is_new) digest_ -= EntryDigest(it->first, it->second);
  it->second.value.assign(command->value.data(), command->value.size());
  it->second.position = record.position;
  digest_ += EntryDigest(it->first, it->second);
}

const KvStore::Entry* KvStore::Find(absl::string_view key) const {
  const auto it = entries_.find(key);
  return it == entries_.end() ? nullptr : &it->second;
}

void KvStore::ForEach(const std::function<void(const std::string&, const Entry&)>& visit) const {
  for (const auto& [key, entry] : entries_) visit(key, entry);
}

void KvStore::Clear() { *this = KvStore(); }

}  // namespace replsim
