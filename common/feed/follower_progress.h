// The sender's state of one follower: whether a stream is up, which records were sent on it, and
// which positions the follower has reported. There is one state at a time, so a follower without a
// stream has no window. Part of a core: single-threaded, without I/O.
//
//                     Connect, its log has to be truncated
//     +--------------+ -----------------------------------> +---------+
//     | Disconnected |                                      | Probing |
//     +--------------+ <----------------------------------- +---------+
//        |        ^                 Disconnect                   |
//        |        |                                              | Acked: it has truncated its log
//        |        | Disconnect                                   v
//        |        +---------------------------------------- +-----------+
//        +------------------------------------------------> | Streaming |
//                     Connect, its log is a prefix          +-----------+
//
// Probing: the Welcome contains the position to which the follower must truncate its log. Until its
// first acknowledgement it gets heartbeats, but no records. Streaming: records are sent as far as
// the window allows.
#pragma once

#include <cstdint>
#include <deque>
#include <variant>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/feed/flight_limit.h"
#include "common/protocol/events.h"
#include "common/protocol/messages.h"

namespace replsim {

// Limits on the records that are sent to one follower and not yet reported as written there.
// Another batch is sent while both limits are not reached. The limits bound the memory of a queue
// to a slow follower.
struct SendWindow {
  uint64_t bytes_max = 8 << 20;    // the lower of this and the adaptive FlightLimit applies
  uint64_t records_max = 1 << 16;  // bounds the number of small records
};

class FollowerProgress {
 public:
  struct Connection {
    StreamId stream;
    Instant last_sent;
    Instant last_heard;
    Lsn commit_sent;  // the commit position that was sent last
  };
  struct Streaming : Connection {
    Lsn next;              // first LSN not sent
    bool reading = false;  // a read of the log for this follower is in progress
    struct Sent {
      Lsn last;
      uint64_t bytes;
      Instant at;
    };
    std::deque<Sent> in_flight;
    uint64_t in_flight_bytes = 0;
  };

  // `patience`: the silence after which the follower's stream is dropped.
  explicit FollowerProgress(Nanos patience = Millis(1000)) : flight_limit_(patience) {}

  // A stream is up. Records are sent from `resume_after` + 1 on. `truncates`: the follower must
  // first truncate its log to `resume_after`. `commit`: the commit position that was sent to it.
  void Connect(StreamId stream, Lsn resume_after, bool truncates, Lsn commit, Instant now);
  void Disconnect();

  // Null unless a stream is up (Probing or Streaming).
  Connection* connection();
  const Connection* connection() const;
  // The follower is bound by what the primary sent until then: the lease of the primary begins at
  // that instant, on the primary's clock. The zero instant: by nothing.
  Instant bound_since() const { return bound_since_; }
  // When the follower was last heard, also on an earlier stream; the zero instant: never.
  Instant last_heard() const { return connected() ? connection()->last_heard : last_heard_; }
  bool connected() const { return !std::holds_alternative<Disconnected>(state_); }
  // Null unless records may be sent.
  Streaming* streaming() { return std::get_if<Streaming>(&state_); }
  const Streaming* streaming() const { return std::get_if<Streaming>(&state_); }

  bool WindowOpen(const SendWindow& window) const;
  const FlightLimit& flight_limit() const { return flight_limit_; }
  void Sent(const RecordBatch& batch, Instant now);
  // Takes an acknowledgement. False if it is impossible: it claims records that were never sent, or
  // its positions are out of order.
  bool Acked(const Ack& ack, Instant now);

  // From now on the follower counts in the sync set, connected or not.
  void Count() { counts_ = true; }
  bool counts() const { return counts_; }

  // Membership in the in-sync set, as the witnesses store it. Each Append says it.
  void SetInSync(bool in_sync) { in_sync_ = in_sync; }
  bool in_sync() const { return in_sync_; }

  Lsn At(Stage stage) const;
  const Ack& reported() const { return reported_; }

 private:
  struct Disconnected {};
  struct Probing : Connection {
    Lsn resume_after;
  };
  void StreamFrom(const Connection& connection, Lsn next);
  Lsn sent() const;  // the last LSN that the follower may have

  std::variant<Disconnected, Probing, Streaming> state_;
  Instant last_heard_;  // on earlier streams
  Instant bound_since_;
  Ack reported_;
  bool counts_ = false;
  bool in_sync_ = false;
  FlightLimit flight_limit_;
};

}  // namespace replsim
