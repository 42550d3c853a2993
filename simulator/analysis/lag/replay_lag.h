// PostgreSQL's replay_lag, as its walsender computes it. The walsender records when each position
// was flushed locally. When the standby reports how far it has applied, replay_lag is the time
// since that position was flushed. Written from the behaviour of LagTrackerWrite, LagTrackerRead
// and ProcessStandbyReplyMessage in src/backend/replication/walsender.c. One difference: PostgreSQL
// keeps at most 8,192 positions and records no more until some are read; this class has no limit.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace replsim {

class ReplayLag {
 public:
  // A stream begins while the primary's log is flushed up to `flushed`; catching up counts from
  // here.
  void Connected(uint64_t flushed, int64_t time_ns);
  void Flushed(uint64_t lsn, int64_t time_ns);
  // The replica reports that it has applied up to `applied`.
  void Replied(uint64_t applied, int64_t time_ns);
  // A status message without progress, which arrives every wal_receiver_status_interval. The value
  // is dropped if everything sent had already been applied.
  void Status(uint64_t applied, uint64_t sent, int64_t time_ns);

  std::optional<int64_t> value_ns() const { return value_ns_; }

 private:
  struct Sample {
    uint64_t lsn = 0;
    int64_t time_ns = 0;
  };
  std::deque<Sample> ahead_;    // flushed, not yet applied
  std::optional<Sample> last_;  // applied last
  std::optional<int64_t> value_ns_;
};

}  // namespace replsim
