// The gates of a primary: the positions up to which writes are acknowledged (ack gate) and visible
// to readers (visibility gate). A gate waits for a position of the primary's own log or of its sync
// set, as the knobs select. Replication modes differ nowhere else.
//
// Part of a core: single-threaded, without I/O. The core owns the gates and the positions of log
// and followers that they read.
#pragma once

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/feed/feed.h"
#include "common/protocol/knobs.h"
#include "primary/core/in_sync_set.h"
#include "primary/core/log_positions.h"
#include "primary/core/protection.h"

namespace replsim {

class Gates {
 public:
  // `inherited`: the position up to which records count as committed when `epoch` begins. `log`,
  // `feed` and `in_sync` must outlive the gates; `in_sync` is null with other kinds of sync sets.
  Gates(const ReplicationKnobs& knobs, Sync sync, Epoch epoch, Lsn inherited,
        const LogPositions& log, const Feed& feed, const InSyncSet* in_sync);

  // Nothing more counts as committed until the record at `lsn`, the first of the epoch, has passed.
  void BeginWithOwnRecord(Lsn lsn) { own_record_ = lsn; }

  // Computes the gates from the current positions. A gate never goes back.
  void Advance(Instant now, Effects* out);
  // The oldest waiting write, at LSN `waiting`, has waited for the gate timeout. If it waits for
  // the sync set, protection is lost.
  void TimeOut(Lsn waiting, Effects* out);
  // The write at `lsn` was answered as unknown, because the gate timeout has passed.
  void TimedOut(Lsn lsn) { timed_out_ = lsn; }
  // With on_timeout: reject, new writes are refused until the sync set has caught up.
  void RefuseWhileUnprotected();

  // --- positions ---
  Lsn commit() const { return commit_; }    // the ack gate
  Lsn visible() const { return visible_; }  // the visibility gate
  Lsn passed() const;                       // both gates
  // The ack gate without the initial credit for inherited records. Inherited records count as
  // committed (commit()), but the primary answers requests about them as done only up to here.
  Lsn done() const { return done_; }
  Lsn own_record() const { return own_record_; }  // 0: none
  Lsn taken_over() const { return taken_over_; }  // end of the inherited records
  // The oldest write that waits for a gate and was not answered as unknown.
  Lsn next_to_time_out() const;
  Lsn Loggable() const;    // records up to here may be given to the log
  Lsn Sendable() const;    // records up to here may be sent to followers
  Lsn SetReached() const;  // the sync set has reached every replica stage that a gate waits for

  // --- answers ---
  bool refuses() const { return refuses_; }
  bool degraded() const;
  bool unprotected() const { return !protection_.holds(); }
  // Whether a write that has passed the ack gate also passes it without degradation.
  bool IsProtected(Lsn lsn) const;
  // False for inherited records, which never waited here.
  bool HasTimedOut(Lsn lsn) const { return taken_over_ < lsn && lsn <= timed_out_; }
  bool WaitsForReplicas() const;
  // The follower has reached every replica stage that a gate waits for up to here.
  Lsn FollowerReached(const FollowerProgress& follower) const;
  bool HasTimeout() const;

  void Check() const;

 private:
  // The position of the primary's own log that a replica gate waits for.
  Lsn LocalPosition() const;
  Lsn SetAt(Stage stage) const;
  Lsn InSyncAt(Stage stage) const;
  Lsn GateAt(Stage stage, bool with_replicas) const;
  // Records before the own record count as committed only when the own record has passed.
  Lsn Committed(Lsn reached) const { return reached >= own_record_ ? reached : Lsn(0); }

  const ReplicationKnobs knobs_;
  const bool flushes_before_answering_;
  const Epoch epoch_;
  const LogPositions& log_;
  const Feed& feed_;
  const InSyncSet* const in_sync_;
  Lsn commit_;
  Lsn visible_;
  Lsn protected_;  // commit_ without degradation
  Lsn done_;
  Lsn done_protected_;  // done_ without degradation
  const Lsn taken_over_;
  Lsn own_record_;  // 0: the epoch began without one
  Lsn timed_out_;   // answered as unknown up to here
  bool refuses_ = false;
  Protection protection_;
};

}  // namespace replsim
