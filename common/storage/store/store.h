// A node's state: what its applied log records add up to. Deterministic: the same records in the
// same order give the same contents and the same digest on every node. Single-threaded.
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
    Position position;  // of the write that put it
  };

  // Applies the next record; its LSN must be applied() + 1. A request (client, sequence) that is
  // not newer than the client's last applied one changes nothing: it was applied before.
  void Apply(const RecordView& record);

  const Entry* Find(absl::string_view key) const;  // null: no such key; valid until the next Apply
  void ForEach(const std::function<void(const std::string&, const Entry&)>& visit) const;
  void Clear();

  Lsn applied() const { return applied_; }
  const RequestTable& requests() const { return requests_; }  // of what is applied
  size_t size() const { return entries_.size(); }

  // Sum over all keys of XXH3_64(key, value, position): independent of order, kept up to date by
  // each Apply, so that two nodes can be compared at the cost of one number.
  uint64_t digest() const { return digest_; }

 private:
  absl::btree_map<std::string, Entry> entries_;
  RequestTable requests_;
  Lsn applied_;
  uint64_t digest_ = 0;
};

}  // namespace replsim
