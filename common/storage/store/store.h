// The key-value state of a node, as its applied log records determine it. Deterministic: the same
// records in the same order give the same contents and the same digest on every node. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "common/base/ids.h"
#include "common/storage/log/record.h"
#include "common/storage/store/request_table.h"

namespace replsim {

class KvStore {
 public:
  struct Entry {
    std::string value;
    Position position;  // of the write that set the value
  };

  // Applies the next record; its LSN must be applied() + 1. A request (client, sequence) that is
  // not newer than the client's last applied request changes nothing, because it was applied
  // before.
  void Apply(const RecordView& record);

  const Entry* Find(absl::string_view key) const;  // null: no such key; valid until the next Apply
  void ForEach(const std::function<void(const std::string&, const Entry&)>& visit) const;
  void Clear();

  Lsn applied() const { return applied_; }
  const RequestTable& requests() const { return requests_; }  // of the applied records
  size_t size() const { return entries_.size(); }

  // The sum over all keys of XXH3_64(key, value, position). It does not depend on the order of the
  // keys, so each Apply updates it from the changed key alone. Equal contents have equal digests.
  uint64_t digest() const { return digest_; }

 private:
  absl::btree_map<std::string, Entry> entries_;
  RequestTable requests_;
  Lsn applied_;
  uint64_t digest_ = 0;
};

}  // namespace replsim
