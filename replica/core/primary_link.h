// The link of a replica to its primary: the primary that it follows, and the state of the
// handshake.
//
//                  retry_at             Welcome, the log is a prefix
//   +--------------+ ---> +---------+ ----------------------------> +-----------+
//   | Disconnected |      | Dialing |                               | Streaming |
//   +--------------+      +---------+                               +-----------+
//      ^  ^   ^                |    Welcome, the log   +------------+    ^   |
//      |  |   |                +---------------------> | Truncating | ---+   |
//      |  |   |                     must be truncated  +------------+ done   |
//      |  |   +------- Disconnect -----+                  | done, but the   |
//      |  +-------------------------------------------------+ stream is gone |
//      +---------------------------- Disconnect ----------------------------+
//
// A truncation that has begun is always finished, even if its stream ends, because the log accepts
// no records before that. Off: the replica follows no primary, because it is about to lead or its
// log has failed.
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
    // The stream is closed after this much silence of the primary, also during the handshake.
    Nanos heartbeat_timeout{0};
    // Time between the end of a stream and the next dial.
    Nanos redial_interval{0};
  };
  // The stream continues with `welcome` when the log is truncated.
  struct Truncating {
    StreamId stream;  // 0: it has ended
    Welcome welcome;
  };

  // Follows `primary`; empty: none yet. Dialled streams are numbered from `next_stream` on.
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

  // Closes the stream of a silent primary, and dials when the redial time has come.
  void DialIfDue(Instant now, Effects* out);
  // Closes the stream, if there is one, and dials again after the redial interval.
  void HangUp(Instant now, Effects* out);
  // The stream has ended. Dials again at `retry_at`.
  void Disconnect(Instant retry_at);
  void Redial(Instant now) { Disconnect(now + options_.redial_interval); }
  void TurnOff() { state_ = Off{}; }

  void BeginTruncating(Welcome welcome) { state_ = Truncating{stream(), std::move(welcome)}; }
  // The log is truncated. The link is disconnected until BeginStreaming. Absent if the link was not
  // truncating.
  std::optional<Truncating> EndTruncating(Instant now);
  void BeginStreaming(StreamId stream, Instant now);

  void Heard(Instant now) { last_heard_ = now; }
  // When the last message of a primary arrived that this replica follows or followed.
  std::optional<Instant> last_heard() const { return last_heard_; }
  Instant NextTimer() const;

 private:
  struct Off {};
  struct Disconnected {
    Instant retry_at;
  };
  struct Dialing {  // until the welcome arrives
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
