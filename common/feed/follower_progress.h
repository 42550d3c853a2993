// What a node that sends its log knows of one follower: whether a stream is up, what was sent on
// it, and what the follower has reported. One state at a time, so that a follower without a stream
// has no window.
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
// Probing: the follower has been told where to truncate its log. It receives heartbeats and no
// records until its first acknowledgement. Streaming: records leave as far as the window allows.
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

// Limits on what is on its way to one follower and not yet reported written there.
struct SendWindow {
  uint64_t bytes_max = 8 << 20;
  uint64_t records_max = 1 << 16;
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
    bool reading = false;  // a read of the log for it is on its way
    struct Sent {
      Lsn last;
      uint64_t bytes;
      Instant at;
    };
    std::deque<Sent> in_flight;
    uint64_t in_flight_bytes = 0;
  };

  // `patience`: how long a silence of the follower may last.
  explicit FollowerProgress(Nanos patience = Millis(1000)) : flight_limit_(patience) {}

  // A stream is up. The follower is sent what comes after `resume_after`. `truncates`: it must
  // truncate its log to there first. `commit`: the commit position it has been told.
  void Connect(StreamId stream, Lsn resume_after, bool truncates, Lsn commit, Instant now);
  void Disconnect();

  // Null unless a stream is up (Probing or Streaming).
  Connection* connection();
  const Connection* connection() const;
  bool connected() const { return !std::holds_alternative<Disconnected>(state_); }
  // Null unless records may be sent.
  Streaming* streaming() { return std::get_if<Streaming>(&state_); }
  const Streaming* streaming() const { return std::get_if<Streaming>(&state_); }

  bool WindowOpen(const SendWindow& window) const;
  const FlightLimit& flight_limit() const { return flight_limit_; }
  void Sent(const RecordBatch& batch, Instant now);
  // False if the acknowledgement claims what was never sent: such a peer is not to be believed.
  bool Acked(const Ack& ack, Instant now);

  // From now on it counts in the sync set, connected or not.
  void Count() { counts_ = true; }
  bool counts() const { return counts_; }

  Lsn At(Stage stage) const;
  const Ack& reported() const { return reported_; }

 private:
  struct Disconnected {};
  struct Probing : Connection {
    Lsn resume_after;
  };
  void StreamFrom(const Connection& connection, Lsn next);
  Lsn sent() const;  // the last LSN it has or may have

  std::variant<Disconnected, Probing, Streaming> state_;
  Ack reported_;
  bool counts_ = false;
  FlightLimit flight_limit_;
};

}  // namespace replsim
