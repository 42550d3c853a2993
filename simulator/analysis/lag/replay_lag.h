// PostgreSQL's replay_lag, as its walsender works it out: it notes when each position had been
// flushed locally, and when the standby says how far it has applied, how long ago it was that this
// had been. Written from the behaviour of LagTrackerWrite, LagTrackerRead and
// ProcessStandbyReplyMessage in src/backend/replication/walsender.c, but for the bound of 8,192
// positions, at which PostgreSQL notes no more until some are read.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace replsim {

class ReplayLag {
 public:
  // A stream begins, with `flushed` in the primary's log: what is to catch up on counts from here.
  void Connected(uint64_t flushed, int64_t time_ns);
  void Flushed(uint64_t lsn, int64_t time_ns);
  // The replica's word: it has applied up to `applied`.
  void Replied(uint64_t applied, int64_t time_ns);
  // The same without news, as it comes every wal_receiver_status_interval: the value is dropped
  // where all that was sent had been applied already.
  void Status(uint64_t applied, uint64_t sent, int64_t time_ns);

  std::optional<int64_t> value_ns() const { return value_ns_; }

 private:
  struct Sample {
    uint64_t lsn = 0;
    int64_t time_ns = 0;
  };
  std::deque<Sample> ahead_;    // not yet applied
  std::optional<Sample> last_;  // applied last
  std::optional<int64_t> value_ns_;
};

}  // namespace replsim
