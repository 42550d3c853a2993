// Row locks (serialize_keys): while a write of a key is not yet visible, the next write of that key
// waits here and has no LSN. PostgreSQL and MySQL hold a row's lock until the transaction is
// visible to others; in a synchronous mode this includes the wait for the standby. Part of a core:
// single-threaded.
//
// A waiting write is not in the log, so a primary that stops leading may reject it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/ids.h"
#include "common/protocol/events.h"

namespace replsim {

class KeyLocks {
 public:
  bool IsHeld(absl::string_view key) const;
  // The write at `lsn` holds the key until it is visible. The key must be free. LSNs ascend; a
  // transaction holds several keys.
  void Hold(absl::string_view key, Lsn lsn);
  // Queues a write for a key that is held.
  void Wait(absl::string_view key, WriteRequest write);

  // Returns the next write that waits for a key whose holder is visible by now; writes of one key
  // in the order of arrival. Before the next call, the caller must log the write and call Hold,
  // reject it, or let it wait for another key.
  std::optional<WriteRequest> NextFree(Lsn visible);

  // Returns all waiting writes, by key, and releases all keys.
  std::vector<WriteRequest> Drop();

  size_t waiting() const { return waiting_; }
  uint64_t waiting_bytes() const { return waiting_bytes_; }

 private:
  struct Lock {
    bool held = false;
    std::deque<WriteRequest> waiting;
  };

  std::map<std::string, Lock, std::less<>> locks_;
  std::deque<std::pair<Lsn, std::string>> holders_;  // ascending
  std::deque<std::string> free_;                     // free keys for which writes wait
  size_t waiting_ = 0;
  uint64_t waiting_bytes_ = 0;
};

}  // namespace replsim
