// The key-value state of a node, as its applied log records determine it. Deterministic: the same
// records in the same order give the same contents and the same digest on every node. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/base/ids.h"
#include "common/storage/log/record.h"
#include "common/storage/store/command.h"
#include "common/storage/store/request_table.h"

namespace replsim {

class KvStore {
 public:
  struct Entry {
    std::string value;
    Position position;  // of the record that set or deleted the value
    bool deleted = false;
  };

  // Applies the next record; its LSN must be applied() + 1. A request (client, sequence) that is
  // not newer than the client's last applied request changes nothing, because it was applied
  // before. A compare-and-set of another value, and an append to a value without room
  // (kAppendedBytesMax), change nothing either; requests() says so.
  void Apply(const RecordView& record);

  // The entry of a key: also of a deleted one, with the position of its deletion. Null: the key was
  // never written. Valid until the next Apply.
  const Entry* Find(absl::string_view key) const;
  // Visits the keys that exist, in ascending order. Sorts them first: for the end of a run.
  void ForEach(const std::function<void(const std::string&, const Entry&)>& visit) const;
  void Clear();

  Lsn applied() const { return applied_; }
  const RequestTable& requests() const { return requests_; }  // of the applied records
  size_t size() const { return entries_.size(); }             // deleted keys count

  // The sum over all keys of XXH3_64(key, value, position), deleted keys included. It does not
  // depend on the order of the keys, so each Apply updates it from the changed key alone. Equal
  // contents have equal digests.
  uint64_t digest() const { return digest_; }

 private:
  bool Execute(const Command& command, Position position);
  // The entry of a deleted key remains, so that a read of the key can say which record it saw.
  void Set(absl::string_view key, absl::string_view value, Position position, bool deleted = false);
  bool Append(absl::string_view key, absl::string_view value, Position position);

  // Not ordered: a search in a tree of this size misses the cache at each of its levels.
  absl::flat_hash_map<std::string, Entry> entries_;
  RequestTable requests_;
  Lsn applied_;
  uint64_t digest_ = 0;
};

}  // namespace replsim
