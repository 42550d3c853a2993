// Sends a log to its followers: accepts their streams, sends records within the flow control of
// each follower (follower_progress.h, flight_limit.h), sends heartbeats, drops silent streams, and
// announces the epoch to the nodes that do not follow.
//
// Part of a core: single-threaded, without I/O. Effects are appended to `out`; `now` is the time of
// the step. The feed owns the FollowerProgress of each follower. Recent records come from the
// core's RecentLog, older ones are read from the log (ReadRecords).
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

// The primary sets every field from PrimaryOptions (primary/core/primary_core.h).
struct FeedOptions {
  std::vector<NodeId> followers;  // every node that may follow
  // The followers that count in the sync set from the start. The others count from their first
  // stream on.
  std::vector<NodeId> members;
  // A heartbeat is sent on a stream on which nothing else was sent for this long.
  Nanos heartbeat_interval{0};
  // A stream is dropped after this much silence of the follower. FlightLimit limits the bytes in
  // flight so that a slow link does not cause such a silence.
  Nanos heartbeat_timeout{0};
  Nanos announce_interval{0};  // between two announcements (announcer.h)
  bool announce = false;       // the first announcement is sent at once
  // A new commit position is sent at once instead of with the next records or heartbeat. For
  // followers that apply on commit.
  bool commit_is_urgent = false;
  SendWindow window;
  // Limit in bytes of one read of the log. The flight limit of the follower limits a read, too.
  uint64_t read_bytes_max = 0;
};

class Feed {
 public:
  // Positions of the log that limit what is sent now.
  struct Limits {
    Lsn sendable;            // records up to here may be sent
    Lsn commit;              // the commit position to announce
    Lsn appended;            // end of the log
    uint64_t log_bytes = 0;  // encoded size of the log up to there, announced too
  };

  // `recent` outlives the feed.
  Feed(FeedOptions options, Epoch epoch, const RecentLog& recent, Instant now);

  // --- streams ---
  bool Knows(const NodeId& id) const { return followers_.contains(id); }
  // Answers the Hello of a known follower with `welcome`. Drops the follower's earlier stream.
  void Connect(StreamId stream, const Hello& hello, Welcome welcome, Instant now, Effects* out);
  // Drops the stream if the acknowledgement claims records that were never sent.
  void HandleAck(StreamId stream, const Ack& ack, Instant now, Effects* out);
  void HandleClosed(StreamId stream, Instant now, Effects* out);
  void DropSilent(Instant now, Effects* out);
  void CloseAll(Effects* out);

  // --- records ---
  void SendAll(const Limits& limits, Instant now, Effects* out);
  void HandleRead(const RecordsRead& read, const Limits& limits, Instant now, Effects* out);

  void AnnounceIfDue(Instant now, Effects* out);
  Instant NextTimer() const;

  // What the next Append says to the follower about its membership in the in-sync set.
  void SetInSync(const NodeId& id, bool in_sync) { followers_.at(id).SetInSync(in_sync); }
  const std::map<NodeId, FollowerProgress>& followers() const { return followers_; }
  // The lowest position that any follower has reported as flushed or applied, at most `last`.
  Lsn Slowest(Lsn last) const;

 private:
  void Disconnect(const NodeId& id, bool close, Instant now, Effects* out);
  void SendTo(const NodeId& id, FollowerProgress& progress, const Limits& limits, Instant now,
              Effects* out);
  void SendBatch(const NodeId& id, FollowerProgress& progress, BatchPtr batch, const Limits& limits,
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
