// Sits between a core and the executor of its effects. Finds the failpoint at which the node stops,
// and divides the effect there. A batch is divided at the write that the failpoint names. An
// answer, an acknowledgement and the passing of a gate are not divided: they are executed
// completely or not at all.
//
// Only the node's thread may call the functions that take an effect. The log device may call the
// functions that take a point and LSNs from its own thread.
#pragma once

#include <optional>

#include "common/base/ids.h"
#include "common/node/failpoints.h"
#include "common/protocol/effects.h"

namespace replsim {

class FailpointGate {
 public:
  // The node stops at `point`. Of the writes that were about to pass it, those up to `through`
  // have.
  struct Stop {
    Failpoints::Match match;
    Point point;
    Lsn through;
  };
  struct Divided {
    Stop stop;
    std::optional<Effect> before;  // executed before the node stops
    std::optional<Effect> rest;    // executed first when the node resumes
  };

  // `failpoints` must outlive the gate. `acks_tell_flush`: the failpoint replica.ack counts the
  // flushed writes of an acknowledgement; otherwise it counts the written ones.
  FailpointGate(Failpoints& failpoints, bool acks_tell_flush)
      : failpoints_(failpoints), acks_tell_flush_(acks_tell_flush) {}

  // Absent: no failpoint fires, and the effect is executed completely. `leads`: whether the points
  // of a primary apply, or those of a replica.
  std::optional<Divided> Pass(const Effect& effect, bool leads) {
    if (failpoints_.armed()) return Divide(effect, leads);
    if (const auto* send = std::get_if<Send>(&effect)) NoteAck(*send);
    return std::nullopt;
  }

  // The writes [first, last] are about to pass `point`. Absent: no failpoint fires.
  std::optional<Stop> Pass(Point point, Lsn first, Lsn last);
  // The same for one side of `point`; for an operation that takes time, such as a flush.
  std::optional<Failpoints::Match> PassSide(Point point, bool after, Lsn first, Lsn last) {
    return failpoints_.Pass(point, after, first, last);
  }

 private:
  // The point that an effect passes, and the writes that pass with it.
  struct Passage {
    Point point;
    Lsn first, last;
  };
  std::optional<Passage> PassageOf(const Effect& effect, bool leads);
  std::optional<Divided> Divide(const Effect& effect, bool leads);
  // The writes that an acknowledgement adds to the one before; absent: `send` is not one.
  std::optional<Passage> NoteAck(const Send& send);

  Failpoints& failpoints_;
  const bool acks_tell_flush_;
  Lsn acked_;  // by the last acknowledgement that was sent
};

}  // namespace replsim
