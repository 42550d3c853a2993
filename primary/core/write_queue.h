// The writes of a primary from their arrival until they have passed both gates. Writes that wait
// for their key have no LSN yet. The others are encoded into the next batch and kept with the
// client that waits for the answer.
//
// Bounded in records and bytes: the core refuses a write while IsFull. Part of a core:
// single-threaded, without I/O.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/events.h"
#include "common/storage/log/record.h"
#include "primary/core/key_locks.h"

namespace replsim {

class WriteQueue {
 public:
  // `last`: the end of the log; the next write gets last + 1.
  WriteQueue(uint64_t records_max, uint64_t bytes_max, Lsn last)
      : records_max_(records_max), bytes_max_(bytes_max), first_(last + 1), answered_(last) {}

  bool IsFull() const {
    return pending_.size() + locks_.waiting() >= records_max_ ||
           bytes_ + locks_.waiting_bytes() >= bytes_max_;
  }
  KeyLocks& locks() { return locks_; }

  // --- the next batch ---
  // Adds a record with the next LSN to the batch. `client` waits for the answer; 0: none. Returns
  // the encoded size of the record in bytes.
  uint64_t Add(Position position, Instant stamp, absl::string_view command, RequestId client,
               Instant now);
  // Returns the records added since the last call as a batch; null if there are none.
  BatchPtr Seal();
  void DropUnsealed() { building_.clear(); }

  // --- from the LSN to the gates ---
  Instant since(Lsn lsn) const { return pending_[lsn - first_].since; }
  // Returns the client that waits for the write, and clears it; 0: none.
  RequestId TakeClient(Lsn lsn) {
    return std::exchange(pending_[lsn - first_].client, RequestId(0));
  }
  // The first write that has not been answered as committed.
  Lsn next_to_answer() const { return std::max(answered_ + 1, first_); }
  void AnsweredThrough(Lsn commit) { answered_ = std::max(answered_, commit); }
  // Removes the writes up to `gated`, which have passed both gates.
  void Release(Lsn gated);
  // The oldest write that has not passed both gates; the LSN of the next write if there is none.
  Lsn first() const { return first_; }

  void Check(Lsn last) const;

 private:
  struct Pending {
    RequestId client;  // 0: none waits, or it was answered
    Instant since;
    uint64_t bytes;
  };

  const uint64_t records_max_;
  const uint64_t bytes_max_;
  KeyLocks locks_;        // of serialize_keys
  std::string building_;  // the records that the next Seal returns
  Lsn building_first_;
  Lsn building_last_;
  std::deque<Pending> pending_;  // oldest first
  uint64_t bytes_ = 0;           // of the records in pending_
  Lsn first_;                    // LSN of pending_[0]
  Lsn answered_;
};

}  // namespace replsim
