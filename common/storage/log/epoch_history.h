// The epochs of a log, each with its first LSN, and the last LSN up to which two logs agree. The
// rule is Kafka's KIP-101: two logs agree up to the end of the last epoch that begins at the same
// LSN in both. If that epoch ends earlier in one of the logs, they agree up to that end.
#pragma once

#include <string>
#include <vector>

#include "common/base/ids.h"

namespace replsim {

// `start` is the first LSN that a record of `epoch` can have.
struct EpochStart {
  Epoch epoch;
  Lsn start;
  bool operator==(const EpochStart&) const = default;
};

class EpochHistory {
 public:
  EpochHistory() = default;
  explicit EpochHistory(std::vector<EpochStart> starts);  // checks the order, as Begin does

  const std::vector<EpochStart>& starts() const { return starts_; }
  Epoch last_epoch() const { return starts_.empty() ? Epoch(0) : starts_.back().epoch; }

  // Adds an epoch, higher than all before, that begins at `start`. An epoch without a record (the
  // next one has the same start) stays in the list.
  void Begin(Epoch epoch, Lsn start);

  // The epoch of a record at `lsn`; 0 before the first epoch.
  Epoch EpochAt(Lsn lsn) const;

  // Removes the epochs that begin after `last`; for a log that is truncated to `last`.
  void TruncateTo(Lsn last);
  // Removes the epochs before that of LSN first - 1; for a log that now begins at `first`. The
  // other epochs keep their starts, so that they still match those of a log that begins earlier.
  void TruncateFront(Lsn first);

  bool operator==(const EpochHistory&) const = default;

 private:
  std::vector<EpochStart> starts_;
};

// The last LSN up to which two logs, each given by its history and its last LSN, hold the same
// records. It may lie before the first record that one of the logs still has; the follower then
// needs a snapshot. For histories that were truncated at the front, 0 also means that the logs
// diverge before the epochs that are left.
Lsn CommonEnd(const EpochHistory& a, Lsn a_last, const EpochHistory& b, Lsn b_last);

}  // namespace replsim
