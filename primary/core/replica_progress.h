// What the primary knows of one replica: whether a stream is up, what was sent on it, and what the
// replica has reported. One state at a time, so that a replica without a stream has no window.
#pragma once

#include <cstdint>
#include <deque>
#include <variant>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/events.h"
#include "common/protocol/messages.h"
#include "primary/core/flight_limit.h"

namespace replsim {

// Limits on what is on its way to one replica and not yet reported written there.
struct SendWindow {
  uint64_t bytes_max = 8 << 20;
  uint64_t records_max = 1 << 16;
};

class ReplicaProgress {
 public:
  struct Disconnected {};
  struct Streaming {
    StreamId stream;
    Lsn next;              // first LSN not sent
    bool cutting = false;  // has not acknowledged the welcome that told it to cut
    bool reading = false;  // a read of the log for it is on its way
    Instant last_sent;
    Instant last_heard;
    Lsn commit_sent;
    struct Sent {
      Lsn last;
      uint64_t bytes;
      Instant at;
    };
    std::deque<Sent> in_flight;
    uint64_t in_flight_bytes = 0;
  };

  // `patience`: how long a silence of the replica may last.
  explicit ReplicaProgress(Nanos patience = Millis(1000)) : flight_limit_(patience) {}

  // `cuts`: it must first cut its log back, and is sent nothing until it says that it has.
  void Connect(StreamId stream, Lsn resume_after, bool cuts, Instant now);
  void Disconnect();

  Streaming* streaming() { return std::get_if<Streaming>(&state_); }
  const Streaming* streaming() const { return std::get_if<Streaming>(&state_); }

  bool WindowOpen(const SendWindow& window) const;
  const FlightLimit& flight_limit() const { return flight_limit_; }
  void Sent(const RecordBatch& batch, Instant now);
  // False where the ack claims what was never sent: a peer not to be believed.
  bool Acked(const Ack& ack, Instant now);

  // From now on it counts in the sync set, connected or not.
  void Count() { counts_ = true; }
  bool counts() const { return counts_; }

  Lsn At(Stage stage) const;
  const Ack& reported() const { return reported_; }

 private:
  std::variant<Disconnected, Streaming> state_;
  Ack reported_;
  bool counts_ = false;
  FlightLimit flight_limit_;
};

}  // namespace replsim
