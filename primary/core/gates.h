// The gates of a primary: how far writes are acknowledged (the ack gate) and shown to readers (the
// visibility gate). A gate waits for a position of the primary's own log or of its sync set; the
// knobs select which. There is no other difference between replication modes.
//
// Part of a core: single-threaded, without I/O. The positions of the log and of the followers
// belong to the core, which owns the gates, too.
#pragma once

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/feed/feed.h"
#include "common/protocol/knobs.h"
#include "primary/core/log_positions.h"
#include "primary/core/protection.h"

namespace replsim {

class Gates {
 public:
  // `inherited`: what counts as committed when `epoch` begins. `log` and `feed` outlive the gates.
  Gates(const ReplicationKnobs& knobs, Sync sync, Epoch epoch, Lsn inherited,
        const LogPositions& log, const Feed& feed);

  // Nothing counts as committed before the record at `lsn`, the first of the epoch, has passed.
  void BeginWithOwnRecord(Lsn lsn) { own_record_ = lsn; }

  // Computes the gates from the positions. They never go back.
  void Advance(Instant now, Effects* out);
  // The oldest write that waits, `waiting`, has waited for the timeout of the gate. If the sync set
  // is what it waits for, protection is lost.
  void TimeOut(Lsn waiting, Effects* out);
  // The write at `lsn` was answered as unknown; new writes are refused while the sync set lags, if
  // on_timeout says so.
  void TimedOut(Lsn lsn) { timed_out_ = lsn; }
  void RefuseWhileUnprotected();

  // --- positions ---
  Lsn commit() const { return commit_; }    // the ack gate
  Lsn visible() const { return visible_; }  // the visibility gate
  Lsn passed() const;                       // both gates
  // The ack gate counted from the beginning of the log. Inherited records count as committed, but
  // the primary answers their clients only when the records have passed this.
  Lsn done() const { return done_; }
  Lsn own_record() const { return own_record_; }
  Lsn taken_over() const { return taken_over_; }
  // The oldest write that waits for a gate and was not answered as unknown.
  Lsn next_to_time_out() const;
  Lsn Loggable() const;    // up to where the log may be given records
  Lsn Sendable() const;    // up to where followers may be sent records
  Lsn SetReached() const;  // by the sync set, at every replica stage that a gate waits for

  // --- answers ---
  bool refuses() const { return refuses_; }
  bool degraded() const;
  bool unprotected() const { return !protection_.holds(); }
  // Of a write that has passed the ack gate.
  bool IsProtected(Lsn lsn) const;
  // False for what was taken over, which never waited here.
  bool HasTimedOut(Lsn lsn) const { return taken_over_ < lsn && lsn <= timed_out_; }
  bool WaitsForReplicas() const;
  bool HasTimeout() const;

  void Check() const;

 private:
  Lsn LocalPosition() const;  // what a replica gate asks of the primary's own log
  Lsn SetAt(Stage stage) const;
  Lsn GateAt(Stage stage, bool with_replicas) const;
  // With an own record, nothing before it counts as committed until it has passed the gate.
  Lsn Committed(Lsn reached) const { return reached >= own_record_ ? reached : Lsn(0); }

  const ReplicationKnobs knobs_;
  const bool flushes_before_answering_;
  const Epoch epoch_;
  const LogPositions& log_;
  const Feed& feed_;
  Lsn commit_;
  Lsn visible_;
  Lsn protected_;  // the ack gate as it would be without degradation
  Lsn done_;
  Lsn done_protected_;  // done_ without degradation
  const Lsn taken_over_;
  Lsn own_record_;  // 0: the epoch began without one
  Lsn timed_out_;   // answered as unknown up to here
  bool refuses_ = false;
  Protection protection_;
};

}  // namespace replsim
