// Row locks (serialize_keys): while a write of a key is not yet visible, the next write of that key
// waits here, before it has a place in the log. PostgreSQL and MySQL hold a row's lock until the
// transaction is visible to others, which in a synchronous mode includes the wait for the standby.
//
// A waiting write is not in the log: a primary that stops leading may reject it.
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
  // The write at `lsn` holds the key, which nobody does, until it is visible. LSNs ascend.
  void Hold(absl::string_view key, Lsn lsn);
  // `write` waits for a key that is held.
  void Wait(absl::string_view key, WriteRequest write);

  // The next write that waits for a key whose holder is visible by now; of one key in the order in
  // which they came. The caller logs it, and then has it hold the key, before it asks again.
  std::optional<WriteRequest> NextFree(Lsn visible);

  // All that wait, by key; nothing is held any more.
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
  std::deque<std::string> free_;                     // keys that somebody waits for
  size_t waiting_ = 0;
  uint64_t waiting_bytes_ = 0;
};

}  // namespace replsim
