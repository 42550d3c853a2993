// Sends a log to its followers: accepts their streams, sends records and heartbeats as far as the
// flow control of each follower allows (follower_progress.h, flight_limit.h), drops the silent
// ones, and announces the epoch to the nodes that do not follow.
//
// Part of a core: single-threaded, without I/O. Effects are appended to `out`; `now` is the time of
// the step. The feed owns what is known of the followers. The recent end of the log belongs to the
// core; older records are read from the log (ReadRecords).
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "common/feed/announcer.h"
#include "common/feed/follower_progress.h"
#include "common/feed/recent_log.h"
#include "common/protocol/effects.h"
#include "common/protocol/events.h"
#include "common/protocol/messages.h"

namespace replsim {

struct FeedOptions {
  std::vector<NodeId> followers;  // every node that may follow
  std::vector<NodeId> members;    // those that count from the start, not from their first stream
  Nanos heartbeat_interval{0};    // without anything else to send
  Nanos heartbeat_timeout{0};     // disconnects a follower after this much silence
  Nanos announce_interval{0};
  bool announce = false;          // the first announcement leaves at once
  bool commit_is_urgent = false;  // followers apply on commit: a new commit position leaves at once
  SendWindow window;
  uint64_t read_bytes_max = 0;  // of one read of the log
};

class Feed {
 public:
  // What the log allows to be sent at this moment.
  struct Limits {
    Lsn sendable;
    Lsn commit;
    Lsn appended;  // end of the log
  };

  // `recent` outlives the feed.
  Feed(FeedOptions options, Epoch epoch, const RecentLog& recent, Instant now);

  // --- streams ---
  bool Knows(const NodeId& id) const { return followers_.contains(id); }
  // A known follower has said hello: it is sent `welcome`, and replaces its earlier stream.
  void Connect(StreamId stream, const Hello& hello, Welcome welcome, Instant now, Effects* out);
  // Ends the stream if the acknowledgement cannot be true.
  void HandleAck(StreamId stream, const Ack& ack, Instant now, Effects* out);
  void HandleClosed(StreamId stream, Instant now, Effects* out);
  void DropSilent(Instant now, Effects* out);
  void CloseAll(Effects* out);

  // --- records ---
  void SendAll(const Limits& limits, Instant now, Effects* out);
  void HandleRead(const RecordsRead& read, const Limits& limits, Instant now, Effects* out);

  void AnnounceIfDue(Instant now, Effects* out);
  Instant NextTimer() const;

  const std::map<NodeId, FollowerProgress>& followers() const { return followers_; }
  // What the slowest follower has flushed and applied, and at most `last`.
  Lsn Slowest(Lsn last) const;

 private:
  void Disconnect(const NodeId& id, bool close, Instant now, Effects* out);
  void SendTo(const NodeId& id, FollowerProgress& progress, const Limits& limits, Instant now,
              Effects* out);
  void SendBatch(const NodeId& id, FollowerProgress& progress, BatchPtr batch, Lsn commit,
                 Instant now, Effects* out);
  void TraceAck(const NodeId& id, const Ack& before, const Ack& after, Effects* out) const;
  void EmitTrace(TraceKind kind, const NodeId& peer, Lsn lsn, Effects* out) const {
    out->push_back(Trace{kind, peer, epoch_, lsn});
  }

  const FeedOptions options_;
  const Epoch epoch_;
  const RecentLog& recent_;
  std::map<NodeId, FollowerProgress> followers_;
  std::map<StreamId, NodeId> streams_;  // those that are up
  Announcer announcer_;
};

}  // namespace replsim
