// Which epoch each stretch of the log belongs to, and where two logs part. The rule is Kafka's
// KIP-101: two logs agree up to the end of the last epoch both know to have begun at the same LSN,
// or to the end of whichever of them stopped sooner in it.
#pragma once

#include <string>
#include <vector>

#include "common/base/ids.h"

namespace replsim {

// `start` is the first LSN that a record of this epoch can have.
struct EpochStart {
  Epoch epoch;
  Lsn start;
  bool operator==(const EpochStart&) const = default;
};

class EpochHistory {
 public:
  EpochHistory() = default;
  explicit EpochHistory(std::vector<EpochStart> starts);  // checks that both columns ascend

  const std::vector<EpochStart>& starts() const { return starts_; }
  Epoch last_epoch() const { return starts_.empty() ? Epoch(0) : starts_.back().epoch; }

  // A new epoch, higher than all before, beginning at `start`. An epoch that never got a record
  // (same start) stays listed.
  void Begin(Epoch epoch, Lsn start);

  // The epoch a record at `lsn` has; 0 where no epoch had begun.
  Epoch EpochAt(Lsn lsn) const;

  // Forgets epochs that begin after `last`, as a log cut back to `last` must.
  void TruncateTo(Lsn last);
  // Forgets the epochs before that of LSN first - 1, as a log that begins at `first` may. The
  // others keep their starts, so that they still match those of a log that begins earlier.
  void TruncateFront(Lsn first);

  bool operator==(const EpochHistory&) const = default;

 private:
  std::vector<EpochStart> starts_;
};

// The last LSN at which two logs (each its history and its last LSN) hold the same records. It may
// lie before the first record that one of them still has: then nothing after it can be sent or
// truncated, and the follower needs a snapshot. With histories that were truncated at the front, 0
// also means that the logs part before that.
Lsn CommonEnd(const EpochHistory& a, Lsn a_last, const EpochHistory& b, Lsn b_last);

}  // namespace replsim
