// The link of a replica to its primary: whom it follows, and how far the handshake with it is.
//
//                  retry_at             Welcome, the log is a prefix
//   +--------------+ ---> +---------+ ----------------------------> +-----------+
//   | Disconnected |      | Dialing |                               | Streaming |
//   +--------------+      +---------+                               +-----------+
//      ^  ^   ^                |    Welcome, the log   +------------+    ^   |
//      |  |   |                +---------------------> | Truncating | ---+   |
//      |  |   |                     has to be cut      +------------+ done   |
//      |  |   +------- Disconnect -----+                  | done, but the   |
//      |  +-------------------------------------------------+ stream is gone |
//      +---------------------------- Disconnect ----------------------------+
//
// A truncation that has begun is finished first, even if its stream ends: the log takes no records
// until then. Off: the replica is about to lead, or its log has failed; it follows no primary.
//
// Part of a core: single-threaded, without I/O. Effects are appended to `out`.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/effects.h"
#include "common/protocol/messages.h"

namespace replsim {

class PrimaryLink {
 public:
  struct Options {
    Nanos heartbeat_timeout{0};  // hangs up after this much silence of the primary
    Nanos redial_interval{0};
  };
  // The welcome that is carried out once the log is truncated.
  struct Truncating {
    StreamId stream;  // 0: it has ended meanwhile
    Welcome welcome;
  };

  // Follows `primary`, empty: none yet. Streams are numbered from `next_stream`.
  PrimaryLink(Options options, NodeId primary, StreamId next_stream, Instant now)
      : options_(options),
        primary_(std::move(primary)),
        next_stream_(next_stream),
        state_(Disconnected{now}) {}

  const NodeId& primary() const { return primary_; }
  void SetPrimary(NodeId primary) { primary_ = std::move(primary); }
  StreamId next_stream() const { return next_stream_; }

  StreamId stream() const;  // 0: none
  bool dialing() const { return std::holds_alternative<Dialing>(state_); }
  bool truncating() const { return std::holds_alternative<Truncating>(state_); }
  bool streaming() const { return std::holds_alternative<Streaming>(state_); }

  // Leaves a primary that is silent, and dials when the time has come.
  void DialIfDue(Instant now, Effects* out);
  // Ends the stream, if there is one, and dials again after the redial interval.
  void HangUp(Instant now, Effects* out);
  // The stream is gone; dials again at `retry_at`.
  void Disconnect(Instant retry_at);
  void Redial(Instant now) { Disconnect(now + options_.redial_interval); }
  void TurnOff() { state_ = Off{}; }

  void BeginTruncating(Welcome welcome) { state_ = Truncating{stream(), std::move(welcome)}; }
  // The log is truncated; the link is disconnected until BeginStreaming. Absent if it was not
  // truncating.
  std::optional<Truncating> EndTruncating(Instant now);
  void BeginStreaming(StreamId stream, Instant now);

  void Heard(Instant now) { last_heard_ = now; }
  // From a primary that it follows or has followed.
  std::optional<Instant> last_heard() const { return last_heard_; }
  Instant NextTimer() const;

 private:
  struct Off {};
  struct Disconnected {
    Instant retry_at;
  };
  struct Dialing {  // also: connected, and waiting for the welcome
    StreamId stream;
    Instant since;
  };
  struct Streaming {
    StreamId stream;
  };

  const Options options_;
  NodeId primary_;
  StreamId next_stream_;
  std::variant<Off, Disconnected, Dialing, Truncating, Streaming> state_;
  std::optional<Instant> last_heard_;
};

}  // namespace replsim
